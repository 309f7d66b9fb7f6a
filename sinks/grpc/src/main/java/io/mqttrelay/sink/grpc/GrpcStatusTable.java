package io.mqttrelay.sink.grpc;

import io.grpc.Metadata;
import io.grpc.Status;
import io.mqttrelay.common.text.Printable;
import io.mqttrelay.dispatch.sink.Answer;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.SinkResult.Cause;
import io.mqttrelay.dispatch.sink.http.Redaction;
import io.mqttrelay.dispatch.sink.http.net.CallFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Classifies the status of a call. OK: the receiver has accepted the message. INVALID_ARGUMENT, OUT_OF_RANGE, and
 * RESOURCE_EXHAUSTED for a message that is too large: the message is refused. UNAVAILABLE, DEADLINE_EXCEEDED and any
 * other RESOURCE_EXHAUSTED: the address is the cause. Any other: the message or the address may be the cause. Immutable.
 */
final class GrpcStatusTable {
    /** Bytes of an answer that are read: it is empty in version 1 of the service. */
    static final int MAX_ANSWER = 64 * 1024;

    private static final int MAX_TEXT = 200;
    private static final Duration MAX_WAIT = Duration.ofMinutes(10);
    private static final Pattern MILLIS = Pattern.compile("[0-9]{1,12}");

    /** With it a server asks for a pause (gRFC A6). */
    private static final Metadata.Key<String> PUSHBACK =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    private static final List<Answer> ANSWERS = Arrays.stream(Status.Code.values())
            .map(code -> new Answer(code.value(), code.name()))
            .toList();

    private static final SinkResult ACCEPTED = new SinkResult.Accepted(ANSWERS.get(Status.Code.OK.value()));

    /** The library's words for an answer that is larger than the limit of this client. */
    private static final String LARGE_ANSWER = "grpc message exceeds maximum size " + MAX_ANSWER + ":";

    /** The library's words for a connection that ends during a call. */
    private static final String CLOSED = "End of stream or IOException";

    private static final String LARGE_ANSWER_METADATA = "metadata larger than";

    /** The words of the servers of Java; of C++, Python, Ruby and Go; and of .NET. Rust's answers OUT_OF_RANGE. */
    private static final List<String> LARGE_MESSAGE = List.of(
            "message exceeds maximum size", "message larger than max", "exceeds the maximum configured message size");

    private final Duration timeout;
    private final Redaction redaction;

    /** @param timeout of a whole call, for the error that reports a timeout */
    GrpcStatusTable(Duration timeout, Redaction redaction) {
        this.timeout = timeout;
        this.redaction = redaction;
    }

    SinkResult accepted() {
        return ACCEPTED;
    }

    SinkResult cancelled() {
        return new SinkResult.Unavailable(Cause.ADDRESS, null, CallFailure.CANCELLED, null);
    }

    /** The call had no end long after its deadline. */
    SinkResult timedOut() {
        return new SinkResult.Unavailable(Cause.ADDRESS, null, timeoutText(), null);
    }

    /**
     * Classifies a status other than OK.
     *
     * @param trailers null: there were none
     */
    SinkResult failed(Status status, @Nullable Metadata trailers) {
        String text = status.getDescription() == null ? "" : status.getDescription();
        String words = text.toLowerCase(Locale.ROOT);
        return switch (status.getCode()) {
            case INVALID_ARGUMENT, OUT_OF_RANGE -> refused(status, text);
            case RESOURCE_EXHAUSTED -> exhausted(status, text, words, trailers);
            case UNAVAILABLE -> unavailable(status, text, trailers);
            case DEADLINE_EXCEEDED ->
                words.contains("calloptions deadline")
                        ? timedOut()
                        : new SinkResult.Unavailable(Cause.ADDRESS, answer(status), describe(status, text), null);
            default -> either(status, describe(status, text));
        };
    }

    private SinkResult exhausted(Status status, String text, String words, @Nullable Metadata trailers) {
        if (words.startsWith(LARGE_ANSWER) || words.contains(LARGE_ANSWER_METADATA)) {
            return either(status, "the answer is too large");
        }
        if (LARGE_MESSAGE.stream().anyMatch(words::contains)) {
            return refused(status, text);
        }
        return new SinkResult.Unavailable(Cause.OVERLOAD, answer(status), describe(status, text), pushback(trailers));
    }

    private SinkResult unavailable(Status status, String text, @Nullable Metadata trailers) {
        if (text.startsWith(CLOSED)) {
            return new SinkResult.Unavailable(Cause.ADDRESS, null, "connection closed before an answer", null);
        }
        Throwable failure = status.getCause();
        if (failure instanceof IOException noAnswer) {
            return new SinkResult.Unavailable(
                    Cause.ADDRESS, null, CallFailure.describe(noAnswer, timeout, redaction::apply), null);
        }
        if (failure != null) { // no IOException, but a state of the connection
            String why = text.isEmpty() ? String.valueOf(failure.getMessage()) : text;
            return new SinkResult.Unavailable(Cause.ADDRESS, null, "no connection: " + oneLine(why), null);
        }
        Duration wait = pushback(trailers);
        return new SinkResult.Unavailable(
                wait == null ? Cause.ADDRESS : Cause.OVERLOAD, answer(status), describe(status, text), wait);
    }

    private SinkResult refused(Status status, String text) {
        return new SinkResult.Refused(answer(status), describe(status, text));
    }

    private static SinkResult either(Status status, String error) {
        return new SinkResult.Unavailable(Cause.EITHER, answer(status), error, null);
    }

    private static Answer answer(Status status) {
        return ANSWERS.get(status.getCode().value());
    }

    private String describe(Status status, String text) {
        String line = oneLine(text);
        return "answered " + status.getCode().name() + (line.isEmpty() ? "" : ": " + line);
    }

    private String oneLine(String text) {
        return Printable.oneLine(redaction.apply(text), MAX_TEXT);
    }

    private String timeoutText() {
        long millis = timeout.toMillis();
        return "timed out after " + (millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms");
    }

    /** Null: the server asks for no pause, or in a form that cannot be understood. */
    private static @Nullable Duration pushback(@Nullable Metadata trailers) {
        String millis = trailers == null ? null : trailers.get(PUSHBACK);
        if (millis == null || !MILLIS.matcher(millis).matches()) {
            return null;
        }
        Duration wait = Duration.ofMillis(Long.parseLong(millis));
        return wait.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : wait;
    }
}
