package io.mqttrelay.dispatch.expression;

/** An expression cannot be compiled; found at start or at a reload. The message is for people. */
public final class InvalidExpressionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int position;

    InvalidExpressionException(String problem, int position) {
        super(problem + Positions.at(position));
        this.position = position;
    }

    /** The character of the expression, from 1; 0: not known. */
    public int position() {
        return position;
    }
}
