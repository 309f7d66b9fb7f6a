package io.mqttrelay.dispatch.deliver;

/** Calls per second that an address accepts: the larger count of the last second and of this one. Not thread-safe. */
final class AcceptedRate {
    private static final long SECOND = 1_000_000_000L;

    private long began;
    private int now;
    private int before;

    /** @param time monotonic clock, nanoseconds, like all times here */
    AcceptedRate(long time) {
        this.began = time;
    }

    void add(long time) {
        turn(time);
        now++;
    }

    double perSecond(long time) {
        turn(time);
        return Math.max(now, before);
    }

    private void turn(long time) {
        long passed = time - began;
        if (passed >= SECOND) {
            before = passed < 2 * SECOND ? now : 0;
            now = 0;
            began += passed / SECOND * SECOND;
        }
    }
}
