package io.mqttrelay.dispatch.lane;

/** How fast deliveries of an address may start. Asked under the lock of {@link Lanes}: must not block. */
public interface Pace {
    Pace FREE = () -> 0;

    /**
     * Takes leave for one start.
     *
     * @return 0: it was given; else nanoseconds after which it is worth asking again
     */
    long take();
}
