package io.mqttrelay.dispatch.template;

/** An expression reads a payload that is too large for expressions. */
final class PayloadTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PayloadTooLargeException(int bytes) {
        super("the payload has " + bytes + " bytes; expressions read at most 1 MB", null, false, false);
    }
}
