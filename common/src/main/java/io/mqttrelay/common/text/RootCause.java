package io.mqttrelay.common.text;

/**
 * The innermost cause of a failure: it says the reason, while those around it say which operation failed. Only a
 * limited number of causes is followed, because a chain of causes may be a cycle.
 */
public final class RootCause {
    private static final int MAX_CAUSES = 20;

    private RootCause() {}

    /** Returns the innermost cause; the failure itself if it has none. */
    public static Throwable of(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; depth < MAX_CAUSES && cause.getCause() != null; depth++) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Returns the message of the innermost cause; if it has none, the simple name of its class. */
    public static String message(Throwable failure) {
        Throwable cause = of(failure);
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    /** Whether the failure or one of its causes is of this type. */
    public static boolean has(Throwable failure, Class<? extends Throwable> type) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth <= MAX_CAUSES; depth++) {
            if (type.isInstance(cause)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
