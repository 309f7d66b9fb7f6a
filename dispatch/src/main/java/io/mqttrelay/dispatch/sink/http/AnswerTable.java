package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.text.Printable;
import io.mqttrelay.dispatch.sink.SinkResult;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.Response;

/**
 * What a status means: 2xx, the callback has the message; one of {@code reject_on}, it speaks of the message; any
 * other, it speaks of the address.
 */
final class AnswerTable {
    private static final int MAX_REASON = 60;
    private static final int MAX_LINE = 200;

    private final Set<Integer> rejectOn;
    private final Clock clock;
    private final Redaction redaction;

    AnswerTable(Set<Integer> rejectOn, Clock clock, Redaction redaction) {
        this.rejectOn = rejectOn;
        this.clock = clock;
        this.redaction = redaction;
    }

    /**
     * Classifies an answer.
     *
     * @param answer of which only status line and headers are used
     * @param firstLine of its body, as it came; empty: nothing to tell
     */
    SinkResult result(Response answer, String firstLine) {
        int status = answer.code();
        if (status >= 200 && status <= 299) {
            return new SinkResult.Accepted(status);
        }
        String error = describe(answer, firstLine);
        if (rejectOn.contains(status)) {
            return new SinkResult.Refused(status, error);
        }
        String header = answer.header("Retry-After");
        Duration retryAfter = header == null ? null : RetryAfter.parse(header, clock.instant());
        return new SinkResult.Unavailable(status, error, retryAfter);
    }

    Redaction redaction() {
        return redaction;
    }

    private String describe(Response answer, String firstLine) {
        StringBuilder error = new StringBuilder("answered ").append(answer.code());
        append(error, " ", Printable.oneLine(redaction.apply(answer.message()), MAX_REASON));
        String location = answer.header("Location");
        if (answer.code() >= 300 && answer.code() <= 399 && location != null) {
            append(
                    error,
                    ", redirects are not followed: ",
                    Printable.oneLine(redaction.apply(target(answer, location)), MAX_LINE));
        }
        append(error, ": ", Printable.oneLine(redaction.apply(firstLine), MAX_LINE));
        return error.toString();
    }

    private static void append(StringBuilder error, String separator, String text) {
        if (!text.isEmpty()) {
            error.append(separator).append(text);
        }
    }

    private static String target(Response answer, String location) {
        HttpUrl url = answer.request().url().resolve(location);
        return url == null
                ? ""
                : url.newBuilder()
                        .username("")
                        .password("")
                        .query(null)
                        .fragment(null)
                        .build()
                        .toString();
    }
}
