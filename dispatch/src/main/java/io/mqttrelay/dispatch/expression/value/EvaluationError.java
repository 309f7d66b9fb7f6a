package io.mqttrelay.dispatch.expression.value;

/** Ends an evaluation; never leaves the packages of expressions. */
public final class EvaluationError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean isTimeout;

    /** Without a stack trace: an error of a message costs little. */
    private EvaluationError(String error, boolean isTimeout) {
        super(error, null, false, false);
        this.isTimeout = isTimeout;
    }

    /**
     * An error without a position.
     *
     * @param error one line for people, without the position
     */
    public static EvaluationError of(String error) {
        return new EvaluationError(error, false);
    }

    static EvaluationError timeout(String error) {
        return new EvaluationError(error, true);
    }

    /** Whether the evaluation took too long: the machine may be the cause. */
    public boolean isTimeout() {
        return isTimeout;
    }

    /** One line for people, without the position. */
    public String error() {
        return String.valueOf(getMessage());
    }
}
