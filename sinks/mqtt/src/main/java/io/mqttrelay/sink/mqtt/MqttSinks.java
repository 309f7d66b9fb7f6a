package io.mqttrelay.sink.mqtt;

import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.MqttTarget;
import io.mqttrelay.common.record.RelayHop;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.sink.OrderedSink;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkContext;
import io.mqttrelay.dispatch.sink.SinkFactory;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.UnusableAddressException;
import io.mqttrelay.dispatch.template.Shaped;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the sinks of MQTT targets. The addresses of one target share its connection. Any thread. */
final class MqttSinks implements SinkFactory {
    /** A connection that carried nothing for this time is closed when the configuration changes. */
    private static final Duration IDLE = Duration.ofMinutes(10);

    /** Connections that may be made at once, on a JVM without virtual threads. */
    private static final int CONNECTING = 16;

    private static final int EVENT_LOOPS = 2;
    private static final int SUFFIX_BYTES = 5;

    private final SinkContext context;
    private final LongSupplier nanoTime;
    private final ExecutorService connecting;
    private final ExecutorService loops;
    private final Map<MqttTarget, TargetBroker> brokers = new HashMap<>(); // guarded by this

    MqttSinks(SinkContext context, LongSupplier nanoTime) {
        this.context = context;
        this.nanoTime = nanoTime;
        this.connecting = context.executors().calls("sink-mqtt-connect", CONNECTING);
        this.loops = context.executors().pool("sink-mqtt", EVENT_LOOPS);
    }

    @Override
    public synchronized Sink sink(Destination destination) {
        if (!(destination.target() instanceof MqttTarget target)) {
            throw new UnusableAddressException(destination.display() + ": names no entry of targets.mqtt");
        }
        brokers.values().forEach(broker -> broker.closeIfIdle(IDLE));
        TargetBroker broker = brokers.computeIfAbsent(target, this::broker);
        PublishForm form = PublishForm.of(destination, context.clock());
        return new OrderedSink(
                destination.owner().ordering(),
                destination.calls().timeout(),
                new PublishSender(form, broker, context.hop()),
                nanoTime);
    }

    private TargetBroker broker(MqttTarget target) {
        BrokerLink.Loops threads = new BrokerLink.Loops(loops, EVENT_LOOPS);
        return new TargetBroker(
                target, clientId(target), context.egress(), new TargetBroker.Threads(connecting, threads), nanoTime);
    }

    /** Of this process alone: dispatchers with one client id would take the connection from each other. */
    private static String clientId(MqttTarget target) {
        byte[] suffix = new byte[SUFFIX_BYTES];
        new SecureRandom().nextBytes(suffix);
        String base = target.clientId() == null ? "relay-" + target.name() : target.clientId();
        return base + "-" + HexFormat.of().formatHex(suffix);
    }

    /** @param hop the mark of this relay; null: not known yet */
    private record PublishSender(PublishForm form, TargetBroker broker, Supplier<@Nullable RelayHop> hop)
            implements OrderedSink.Sender {
        @Override
        public CompletableFuture<SinkResult> send(RelayMessage message, int attempt) {
            RelayHop own = hop.get();
            if (own == null) {
                return done(MqttFailure.away("the id of the relay's Kafka cluster is not known yet"));
            }
            Shaped shaped = form.shaped(message);
            if (shaped instanceof Shaped.Unshaped failed) {
                return done(new SinkResult.Unshaped(failed.error(), failed.again()));
            }
            OutgoingPublish publish = form.publish(message, (Shaped.Parts) shaped, own);
            String problem = OutgoingPublish.topicProblem(publish.topic());
            return problem == null ? broker.publish(publish) : done(MqttFailure.refused(problem));
        }

        private static CompletableFuture<SinkResult> done(SinkResult result) {
            return CompletableFuture.completedFuture(result);
        }

        @Override
        public long bytes(RelayMessage message) {
            return form.format().batchBytes(message);
        }
    }

    /** Ends the publishes in flight and all connections. */
    @Override
    public synchronized void close() {
        brokers.values().forEach(TargetBroker::close);
        connecting.shutdown();
        loops.shutdown();
    }
}
