package io.mqttrelay.dispatch.expression.value;

/** Ends an evaluation; never leaves the package. */
public final class EvaluationError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean isTimeout;

    /** Without a stack trace: an error of a message costs little. */
    private EvaluationError(String error, boolean isTimeout) {
        super(error, null, false, false);
        this.isTimeout = isTimeout;
    }

    public static EvaluationError of(String error) {
        return new EvaluationError(error, false);
    }

    static EvaluationError timeout(String error) {
        return new EvaluationError(error, true);
    }

    public boolean isTimeout() {
        return isTimeout;
    }

    public String error() {
        return String.valueOf(getMessage());
    }
}
