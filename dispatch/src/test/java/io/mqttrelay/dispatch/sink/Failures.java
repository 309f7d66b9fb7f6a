package io.mqttrelay.dispatch.sink;

import io.mqttrelay.dispatch.sink.SinkResult.Cause;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Failures by a callback's status: the table of docs/callbacks.md, written a second time. */
public final class Failures {
    private Failures() {}

    /**
     * A failure with its cause.
     *
     * @param status null: no answer
     */
    public static SinkResult.Unavailable failure(
            @Nullable Integer status, String error, @Nullable Duration retryAfter) {
        return new SinkResult.Unavailable(
                cause(status, retryAfter), status == null ? null : answered(status), error, retryAfter);
    }

    /** A callback's answer, for people. */
    public static Answer answered(int status) {
        return new Answer(status, status < 600 ? status / 100 + "xx" : "other");
    }

    private static Cause cause(@Nullable Integer status, @Nullable Duration retryAfter) {
        if (status == null || Set.of(408, 502, 504).contains(status)) {
            return Cause.ADDRESS;
        }
        return switch (status) {
            case 429 -> Cause.OVERLOAD;
            case 503 -> retryAfter == null ? Cause.ADDRESS : Cause.OVERLOAD;
            default -> Cause.EITHER;
        };
    }
}
