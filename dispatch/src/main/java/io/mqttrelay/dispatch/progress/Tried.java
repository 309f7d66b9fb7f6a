package io.mqttrelay.dispatch.progress;

/**
 * The failed attempts of one delivery, as far as commits keep them.
 *
 * @param attempts failed attempts that count
 * @param firstFailure when the first attempt failed, epoch milliseconds, whether it counted or not; 0: none has failed,
 *     or the time is not known
 */
public record Tried(int attempts, long firstFailure) {
    public static final Tried NOTHING = new Tried(0, 0);

    public boolean isNothing() {
        return attempts == 0 && firstFailure == 0;
    }
}
