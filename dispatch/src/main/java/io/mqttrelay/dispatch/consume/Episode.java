package io.mqttrelay.dispatch.consume;

import java.time.Duration;

/** A state that is worth a line when it has lasted a while, and another when it is over. */
final class Episode {
    private final Duration patience;
    private long since;
    private boolean on;
    private boolean told;

    /** @param patience shorter ones are not told */
    Episode(Duration patience) {
        this.patience = patience;
    }

    /**
     * How it is now.
     *
     * @param nowMillis a monotonic clock
     * @param begun run once the state has lasted
     * @param over run when it has ended after that
     */
    void is(boolean now, long nowMillis, Runnable begun, Runnable over) {
        if (now && !on) {
            since = nowMillis;
        }
        on = now;
        if (now && !told && nowMillis - since >= patience.toMillis()) {
            told = true;
            begun.run();
        } else if (!now && told) {
            told = false;
            over.run();
        }
    }

    long seconds(long nowMillis) {
        return (nowMillis - since) / 1000;
    }
}
