package io.mqttrelay.dispatch.sink;

/**
 * An address cannot be called as it is configured; found at start or at a reload. The message is for people and holds
 * no secret.
 */
public final class UnusableAddressException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message one line for people, no secrets */
    public UnusableAddressException(String message) {
        super(message);
    }

    /** @param message one line for people, no secrets */
    public UnusableAddressException(String message, Throwable cause) {
        super(message, cause);
    }
}
