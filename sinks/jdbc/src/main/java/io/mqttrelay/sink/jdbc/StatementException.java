package io.mqttrelay.sink.jdbc;

/** A statement that cannot be read. The message is one line for people and quotes nothing but names of parameters. */
final class StatementException extends Exception {
    private static final long serialVersionUID = 1L;

    StatementException(String message) {
        super(message);
    }
}
