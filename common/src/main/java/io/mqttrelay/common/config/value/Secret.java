package io.mqttrelay.common.config.value;

/**
 * A secret value: a password, a token, a signing key. {@link #toString()} gives {@code ***}. Only the code that
 * passes the value to a client library calls {@link #reveal()}.
 */
public final class Secret {
    private final String value;

    /** @param value the secret in clear text */
    public Secret(String value) {
        this.value = value;
    }

    /** The secret in clear text, for the client library that needs it and for nothing else. */
    public String reveal() {
        return value;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Secret s && s.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
