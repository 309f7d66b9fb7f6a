package io.mqttrelay.sink.kafka;

import io.mqttrelay.common.config.destination.KafkaTarget;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.common.kafka.KafkaClients;
import io.mqttrelay.dispatch.sink.Answer;
import io.mqttrelay.dispatch.sink.SinkResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sends records to the topics of one target. The clients are made for the first record, and again after a failure that
 * they do not survive. A record is handed to the producer only when its topic is known to exist, because brokers may
 * create a topic that a producer asks for. Any thread.
 */
final class TargetCluster {
    private static final Logger log = LogManager.getLogger(TargetCluster.class);
    private static final SinkResult ACKNOWLEDGED = new SinkResult.Accepted(new Answer(null, "acknowledged"));

    private final String name;
    private final String bootstrapServers;
    private final KafkaClients clients;
    private final Egress egress;
    private final Executor executor;
    private final LongSupplier nanoTime;

    private @Nullable CompletableFuture<LiveClients> live; // guarded by this
    private long lastUsed; // guarded by this
    private boolean closed; // guarded by this

    /**
     * @param clients with the target's settings
     * @param executor runs what may block
     */
    TargetCluster(KafkaTarget target, KafkaClients clients, Egress egress, Executor executor, LongSupplier nanoTime) {
        this.name = target.name();
        this.bootstrapServers = target.bootstrapServers();
        this.clients = clients;
        this.egress = egress;
        this.executor = executor;
        this.nanoTime = nanoTime;
        this.lastUsed = nanoTime.getAsLong();
    }

    /** Sends a record; the result says whether all in-sync replicas have it. */
    CompletableFuture<SinkResult> send(ProducerRecord<byte[], byte[]> record) {
        return live().thenCompose(
                        open -> open.checked(record.topic(), executor).thenCompose(unused -> handOver(open, record)))
                .exceptionally(this::failed);
    }

    private synchronized CompletableFuture<LiveClients> live() {
        lastUsed = nanoTime.getAsLong();
        CompletableFuture<LiveClients> current = live;
        if (current == null || current.isCompletedExceptionally()) {
            if (closed) {
                return CompletableFuture.failedFuture(new IllegalStateException("the relay stops"));
            }
            current = CompletableFuture.supplyAsync(
                    () -> LiveClients.open(bootstrapServers, clients, egress, nanoTime), executor);
            live = current;
        }
        return current;
    }

    /** On the calling thread, or on the thread that has checked the topic. */
    private CompletableFuture<SinkResult> handOver(LiveClients open, ProducerRecord<byte[], byte[]> record) {
        CompletableFuture<SinkResult> answer = new CompletableFuture<>();
        try {
            open.checkNodes(record.topic());
            var unused = open.producer().send(record, (metadata, failure) -> {
                if (failure == null) {
                    answer.complete(ACKNOWLEDGED);
                } else {
                    lookAgain(open, record.topic(), failure);
                    answer.complete(failed(failure));
                }
            });
        } catch (RuntimeException e) { // also of the library: it throws some failures instead of calling back
            if (e instanceof InterruptException) {
                Thread.currentThread().interrupt();
            }
            lookAgain(open, record.topic(), e);
            answer.complete(failed(e));
        }
        return answer;
    }

    private void lookAgain(LiveClients open, String topic, Throwable failure) {
        if (RecordFailure.endsClients(failure)) {
            end(open);
        } else if (RecordFailure.doubtsTopic(failure)) {
            open.doubt(topic);
        }
    }

    private SinkResult failed(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        log.debug("a record was not sent to Kafka target {}", name, cause);
        String why = cause instanceof RecordFailure.EgressDenied ? cause.getMessage() : clients.cause(cause);
        String remedy = cause instanceof UnknownTopicOrPartitionException
                ? " (the relay creates no target topic; create it, or let the relay's user describe it)"
                : "";
        return RecordFailure.result(cause, "Kafka target " + name + ": " + why + remedy);
    }

    /** Closes the clients after a failure that they do not survive. */
    private void end(LiveClients open) {
        synchronized (this) {
            if (live == null || live.getNow(null) != open) {
                return;
            }
            live = null;
        }
        // not on this thread, which may be the producer's
        executor.execute(open::close);
    }

    /** Closes the clients if no record was sent for this time; the next record opens new ones. */
    void closeIfIdle(Duration idle) {
        CompletableFuture<LiveClients> open;
        synchronized (this) {
            if (nanoTime.getAsLong() - lastUsed < idle.toNanos()) {
                return;
            }
            open = live;
            live = null;
        }
        closeWhenOpen(open);
    }

    /** Ends the sends in flight and closes the clients. */
    void close() {
        CompletableFuture<LiveClients> open;
        synchronized (this) {
            closed = true;
            open = live;
            live = null;
        }
        closeWhenOpen(open);
    }

    private static void closeWhenOpen(@Nullable CompletableFuture<LiveClients> open) {
        if (open != null) {
            var unused = open.thenAccept(LiveClients::close);
        }
    }
}
