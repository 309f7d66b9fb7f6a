package io.mqttrelay.common.topic;

import java.time.Duration;

/** The number of apps in one request for topics: as many as Kafka answers in about a second, or all. */
final class TopicRequestSize {
    private static final int FIRST = 16;
    private static final int SMALLEST = 4;
    private static final int LARGEST = 256;
    private static final long QUICK = Duration.ofMillis(500).toNanos();
    private static final long SLOW = Duration.ofSeconds(2).toNanos();

    private final boolean portions;
    private int apps;

    /** @param portions false: each request is for all apps */
    TopicRequestSize(boolean portions) {
        this.portions = portions;
        this.apps = portions ? FIRST : Integer.MAX_VALUE;
    }

    int apps() {
        return apps;
    }

    /** Adapts the size to the duration of the last request. */
    void took(long nanos) {
        if (portions && nanos < QUICK) {
            apps = Math.min(LARGEST, apps * 2);
        } else if (portions && nanos > SLOW) {
            apps = Math.max(SMALLEST, apps / 2);
        }
    }
}
