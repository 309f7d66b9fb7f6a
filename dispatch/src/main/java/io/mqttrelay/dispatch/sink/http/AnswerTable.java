package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.text.Printable;
import io.mqttrelay.dispatch.sink.Answer;
import io.mqttrelay.dispatch.sink.SinkResult;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import okhttp3.HttpUrl;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Classifies an answer by its status. 2xx, or one of {@code
 * accept_on}: the callback has accepted the message. One of {@code reject_on}: the message
 * is refused. 408, 429, 502, 503 and 504: the address is the cause, and {@code Retry-After} is read. Any other: the
 * message or the address may be the cause.
 */
final class AnswerTable {
    private static final int MAX_REASON = 60;
    private static final int MAX_LINE = 200;

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVICE_UNAVAILABLE = 503;

    private static final int FIRST_STATUS = 100;
    private static final int LAST_STATUS = 599;

    /** The answers of all statuses of the five classes: most calls need no new one. */
    private static final List<Answer> ANSWERS = IntStream.rangeClosed(FIRST_STATUS, LAST_STATUS)
            .mapToObj(status -> new Answer(status, status / 100 + "xx"))
            .toList();

    /** Request timeout, and the answers of gateways and of servers under maintenance. */
    private static final Set<Integer> ADDRESS = Set.of(408, 502, SERVICE_UNAVAILABLE, 504);

    private final Set<Integer> acceptOn;
    private final Set<Integer> rejectOn;
    private final Clock clock;
    private final Redaction redaction;

    private AnswerTable(Set<Integer> acceptOn, Set<Integer> rejectOn, Clock clock, Redaction redaction) {
        this.acceptOn = acceptOn;
        this.rejectOn = rejectOn;
        this.clock = clock;
        this.redaction = redaction;
    }

    /** @param clock for dates in {@code Retry-After} */
    static AnswerTable of(Destination destination, Clock clock) {
        Destination.Calls calls = destination.calls();
        return new AnswerTable(calls.acceptOn(), calls.rejectOn(), clock, Redaction.of(destination));
    }

    /**
     * Classifies an answer.
     *
     * @param answer of which only status line and headers are used
     * @param firstLine of its body, as it came; may be empty
     */
    SinkResult result(Response answer, String firstLine) {
        int status = answer.code();
        if ((status >= 200 && status <= 299) || acceptOn.contains(status)) {
            return new SinkResult.Accepted(answer(status));
        }
        String error = describe(answer, firstLine);
        if (rejectOn.contains(status)) {
            return new SinkResult.Refused(answer(status), error);
        }
        String header = answer.header("Retry-After");
        Duration retryAfter = header == null ? null : RetryAfter.parse(header, clock.instant());
        SinkResult.Cause cause = cause(status, retryAfter);
        // a failure of one message must not stop the others
        return new SinkResult.Unavailable(
                cause, answer(status), error, cause == SinkResult.Cause.EITHER ? null : retryAfter);
    }

    private static SinkResult.Cause cause(int status, @Nullable Duration retryAfter) {
        if (status == TOO_MANY_REQUESTS || (status == SERVICE_UNAVAILABLE && retryAfter != null)) {
            return SinkResult.Cause.OVERLOAD;
        }
        return ADDRESS.contains(status) ? SinkResult.Cause.ADDRESS : SinkResult.Cause.EITHER;
    }

    /** The answer with this status, for people. */
    static Answer answer(int status) {
        return status >= FIRST_STATUS && status <= LAST_STATUS
                ? ANSWERS.get(status - FIRST_STATUS)
                : new Answer(status, "other");
    }

    /** A table that hides one more secret. */
    AnswerTable hiding(String secret) {
        return new AnswerTable(acceptOn, rejectOn, clock, redaction.and(secret));
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
