package io.mqttrelay.dispatch.sink;

/**
 * A message has no request at an address: a template or a parameter failed on it. In a preview the address and its
 * configuration are usable; a call returns {@link SinkResult.Unshaped} instead.
 */
public final class UnshapedMessageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message one line for people, no secrets */
    public UnshapedMessageException(String message) {
        super(message);
    }
}
