package io.mqttrelay.sink.kafka;

import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.KafkaTarget;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.common.kafka.KafkaClients;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.thread.GuardedExecutors;
import io.mqttrelay.dispatch.sink.OrderedSink;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkFactory;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.UnusableAddressException;
import io.mqttrelay.dispatch.template.Shaped;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.LongSupplier;

/** Makes the sinks of Kafka targets. The addresses of one target share its clients. Any thread. */
final class KafkaSinks implements SinkFactory {
    /** Clients that sent nothing for this time are closed when the configuration changes. */
    private static final Duration IDLE = Duration.ofMinutes(10);

    /** Lookups that may block at once, on a JVM without virtual threads. */
    private static final int LOOKUPS = 16;

    private final Egress egress;
    private final LongSupplier nanoTime;
    private final ExecutorService executor;
    private final Map<KafkaTarget, TargetCluster> clusters = new HashMap<>(); // guarded by this

    KafkaSinks(Egress egress, GuardedExecutors executors, LongSupplier nanoTime) {
        this.egress = egress;
        this.nanoTime = nanoTime;
        this.executor = executors.calls("sink-kafka", LOOKUPS);
    }

    @Override
    public synchronized Sink sink(Destination destination) {
        if (!(destination.target() instanceof KafkaTarget target)) {
            throw new UnusableAddressException(destination.display() + ": names no entry of targets.kafka");
        }
        clusters.values().forEach(cluster -> cluster.closeIfIdle(IDLE));
        RecordForm form = RecordForm.of(destination);
        TargetCluster cluster = clusters.computeIfAbsent(target, this::cluster);
        return new OrderedSink(
                destination.owner().ordering(),
                destination.calls().timeout(),
                new RecordSender(form, cluster),
                nanoTime);
    }

    private TargetCluster cluster(KafkaTarget target) {
        KafkaSettings settings = new KafkaSettings(
                target.bootstrapServers(),
                "",
                1,
                null,
                Duration.ZERO,
                Duration.ZERO,
                target.properties(),
                Map.of(),
                Map.of());
        KafkaClients clients = new KafkaClients(settings, "target-" + target.name());
        return new TargetCluster(target, clients, egress, executor, nanoTime);
    }

    private record RecordSender(RecordForm form, TargetCluster cluster) implements OrderedSink.Sender {
        @Override
        public CompletableFuture<SinkResult> send(RelayMessage message, int attempt) {
            Shaped shaped = form.shaped(message);
            if (shaped instanceof Shaped.Unshaped failed) {
                return CompletableFuture.completedFuture(new SinkResult.Unshaped(failed.error(), failed.again()));
            }
            return cluster.send(form.record(message, (Shaped.Parts) shaped));
        }

        @Override
        public long bytes(RelayMessage message) {
            return form.format().batchBytes(message);
        }
    }

    /** Ends the sends in flight and closes all clients. */
    @Override
    public synchronized void close() {
        clusters.values().forEach(TargetCluster::close);
        executor.shutdown();
    }
}
