package io.mqttrelay.sink.grpc;

import io.grpc.Status;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.sink.SinkCall;
import io.mqttrelay.dispatch.sink.SinkResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** One call and its answer. {@link #execute()} belongs to the thread that waits, {@link #cancel()} to any. */
final class GrpcCall implements SinkCall {
    private static final Logger log = LogManager.getLogger(GrpcCall.class);

    /** The library ends a call at its deadline. The wait ends this much later in any case. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final GrpcSink sink;
    private final List<RelayMessage> messages;
    private final int attempt;
    private volatile @Nullable Future<?> running;
    private volatile boolean cancelled;

    GrpcCall(GrpcSink sink, List<RelayMessage> messages, int attempt) {
        this.sink = sink;
        this.messages = messages;
        this.attempt = attempt;
    }

    @Override
    public SinkResult execute() {
        try {
            return send();
        } catch (CancellationException e) {
            return sink.statuses().cancelled();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return sink.statuses().cancelled();
        } catch (RuntimeException e) {
            log.warn(
                    "the call of message {} ({} in the request) to {} failed in the relay itself",
                    messages.get(0).id(),
                    messages.size(),
                    sink.display(),
                    e);
            return new SinkResult.Unavailable(
                    SinkResult.Cause.EITHER,
                    null,
                    "failed in the relay: " + e.getClass().getSimpleName(),
                    null);
        }
    }

    private SinkResult send() throws InterruptedException {
        // the request is made now, not in the constructor: the receiver checks the age of its timestamp
        GrpcForm.Attempt made = sink.form().request(messages, attempt);
        if (made instanceof GrpcForm.NoRequest none) {
            return new SinkResult.Unshaped(none.why().error(), none.why().again());
        }
        return cancelled ? sink.statuses().cancelled() : send((GrpcForm.Request) made);
    }

    private SinkResult send(GrpcForm.Request request) throws InterruptedException {
        Future<?> answer = sink.channel()
                .call(request.metadata(), sink.form().body(request).toByteArray());
        running = answer;
        if (cancelled) {
            answer.cancel(true);
        }
        try {
            answer.get(sink.timeout().plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
            return sink.statuses().accepted();
        } catch (ExecutionException e) {
            Status status = Status.fromThrowable(e);
            sink.channel().failed(status);
            return cancelled
                    ? sink.statuses().cancelled()
                    : sink.statuses().failed(status, Status.trailersFromThrowable(e));
        } catch (TimeoutException e) {
            return sink.statuses().timedOut();
        } finally {
            answer.cancel(true);
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        Future<?> answer = running;
        if (answer != null) {
            answer.cancel(true);
        }
    }
}
