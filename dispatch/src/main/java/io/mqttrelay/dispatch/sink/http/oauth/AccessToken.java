package io.mqttrelay.dispatch.sink.http.oauth;

/** An access token. Compared by identity: a token server may grant the same text twice. */
public final class AccessToken {
    private final String value;
    private final long renewAt;
    private final long endsAt;

    /**
     * @param value legal in a header
     * @param renewAt monotonic clock, nanoseconds
     * @param endsAt monotonic clock, nanoseconds
     */
    AccessToken(String value, long renewAt, long endsAt) {
        this.value = value;
        this.renewAt = renewAt;
        this.endsAt = endsAt;
    }

    /** The token in clear text, for the request that needs it and for nothing else. */
    public String reveal() {
        return value;
    }

    boolean isUsable(long now) {
        return endsAt - now > 0;
    }

    boolean isDue(long now) {
        return renewAt - now <= 0;
    }

    @Override
    public String toString() {
        return "***";
    }
}
