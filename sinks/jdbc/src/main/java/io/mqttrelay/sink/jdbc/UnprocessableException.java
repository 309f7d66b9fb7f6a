package io.mqttrelay.sink.jdbc;

/** A message has no value for a parameter. The text is one line for people and quotes nothing of the message. */
final class UnprocessableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean again;

    /** @param again whether another attempt may help: the template took too long */
    UnprocessableException(String message, boolean again) {
        super(message);
        this.again = again;
    }

    boolean again() {
        return again;
    }
}
