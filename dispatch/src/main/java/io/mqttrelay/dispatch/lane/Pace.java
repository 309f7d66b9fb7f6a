package io.mqttrelay.dispatch.lane;

/** Limits how fast calls of an address may start. Asked under the lock of {@link Lanes}: must not block. */
public interface Pace {
    Pace FREE = () -> 0;

    /**
     * Takes the permission for one start.
     *
     * @return 0: it was given; else nanoseconds to wait before the next request
     */
    long take();

    /**
     * Takes back a permission whose start sent nothing.
     *
     * @return whether the pace limits starts at present, so that another one may begin now
     */
    default boolean giveBack() {
        return false;
    }
}
