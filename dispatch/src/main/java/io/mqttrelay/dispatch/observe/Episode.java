package io.mqttrelay.dispatch.observe;

import java.time.Duration;

/** Reports a state that has lasted for some time, once, and its end, once. Consumer thread. */
final class Episode {
    private final Duration patience;
    private long since;
    private boolean on;
    private boolean told;

    /** @param patience shorter states are not reported */
    Episode(Duration patience) {
        this.patience = patience;
    }

    /**
     * Updates the state.
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
