package io.mqttrelay.ingest;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mqttrelay.common.admin.AdminServer;
import io.mqttrelay.common.admin.Readiness;
import io.mqttrelay.common.cli.ServiceProcess;
import io.mqttrelay.common.config.ConfigDifference;
import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.RouteChange;
import io.mqttrelay.common.config.UnusableConfigurationException;
import io.mqttrelay.common.kafka.KafkaClients;
import io.mqttrelay.common.metrics.Metrics;
import io.mqttrelay.common.metrics.ReloadMeters;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayIds;
import io.mqttrelay.common.thread.RoleThread;
import io.mqttrelay.common.tls.UnusableTlsException;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.common.topic.TopicPlan;
import io.mqttrelay.ingest.mqtt.BrokerTls;
import io.mqttrelay.ingest.write.RecordWriter;
import io.mqttrelay.ingest.write.TopicKeeper;
import io.mqttrelay.ingest.write.Unacked;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One ingest: everything that {@code relay ingest} runs, wired by hand; the routes by {@link RouteWiring}. */
public final class IngestService implements ServiceProcess.Service {
    /** Kafka's client has one part in so many of what may wait: it copies what it is given. */
    private static final int SENT_PART = 4;
    /** What the end of the process keeps for saying DISCONNECT and closing clients. */
    private static final Duration CLOSE_RESERVE = Duration.ofSeconds(2);

    private static final Duration TAKEN_WITHIN = Duration.ofSeconds(5);

    private final ControlThread control;
    private final MqttSources sources = new MqttSources();
    private final RouteWiring wiring;
    private final Valve valve;
    private final RecordWriter writer;
    private final RoleThread writerThread;
    private final RoleThread topicsThread;
    private final AdminServer admin;
    private final Metrics metrics;
    private final ReloadMeters reloads;
    private final Readiness.Part running;

    /**
     * Wires an ingest and starts it. It waits for Kafka and for the MQTT brokers by itself, as long as it takes.
     *
     * @param instance tells the ingests of one shared_group apart
     * @param onFailure told, on any thread, of a defect that ends the process
     * @throws IOException in words: the admin server's address cannot be bound
     * @throws UnusableTlsException before anything is touched: naming the file that cannot be used, and why
     */
    public static IngestService start(RelayConfig config, String instance, Consumer<Throwable> onFailure)
            throws IOException {
        config.routes().forEach(route -> BrokerTls.check(route.broker()));
        IngestService service = new IngestService(config, instance, onFailure);
        service.writerThread.start();
        service.topicsThread.start();
        service.control.execute(service.sources::start);
        service.control.execute(service.valve::start);
        return service;
    }

    private IngestService(RelayConfig config, String instance, Consumer<Throwable> onFailure) throws IOException {
        Clock clock = Clock.systemUTC();
        LongSupplier nanoTime = System::nanoTime;
        metrics = new Metrics();
        reloads = new ReloadMeters(metrics.registry());
        KafkaClients clients = new KafkaClients(config.kafka(), "ingest", metrics.registry());
        TopicNames names = new TopicNames(config.kafka().topicPrefix());
        List<String> appIds = appIds(config);
        long maxUnacked = config.ingest().maxUnacked();
        Readiness readiness = new Readiness();
        running = readiness.part("ingest", "starting");

        Unacked unacked = new Unacked(maxUnacked);
        writer = new RecordWriter(
                appIds, () -> clients.messageProducer("writer", maxUnacked), maxUnacked / SENT_PART, nanoTime);
        writerThread = new RoleThread("ingest-writer", writer, onFailure);
        KafkaAdmin kafkaAdmin = new KafkaAdmin(clients, plan(config.kafka()), names);
        TopicKeeper keeper = new TopicKeeper(kafkaAdmin, writer, appIds);
        writer.topics(keeper);
        topicsThread = new RoleThread("ingest-topics", keeper, onFailure);

        control = new ControlThread(onFailure);
        RelayIds ids = new RelayIds(clock, new SecureRandom().nextLong());
        IngestPath.Parts parts =
                new IngestPath.Parts(writer, unacked, new RecordCodec(), ids, clock, new DropLog(nanoTime));
        wiring = new RouteWiring(instance, parts, names, control, readiness, metrics.registry(), sources);
        wiring.wire(config.routes());
        valve = new Valve(unacked, writer, sources, control);

        readiness.watch("kafka", () -> kafkaProblem(keeper));
        register(unacked, writer, metrics.registry());
        admin = AdminServer.start(config.admin().host(), config.admin().ingestPort(), readiness, metrics);
        running.ready();
    }

    private static List<String> appIds(RelayConfig config) {
        return config.routes().stream()
                .filter(Route::enabled)
                .map(Route::appId)
                .distinct()
                .toList();
    }

    private static TopicPlan plan(KafkaSettings kafka) {
        return new TopicPlan(
                kafka.partitions(), kafka.replicationFactor(), kafka.retention(), kafka.deadLetterRetention());
    }

    private @Nullable String kafkaProblem(TopicKeeper keeper) {
        String unreachable = keeper.unreachable();
        if (unreachable != null) {
            return "cannot be reached: " + unreachable;
        }
        List<String> problems = writer.problems();
        if (!problems.isEmpty()) {
            return String.join("; ", problems);
        }
        return valve.isShut() ? "not taking messages: ingest.max_unacked is reached" : null;
    }

    private static void register(Unacked unacked, RecordWriter writer, MeterRegistry registry) {
        Gauge.builder("relay.ingest.unacked.bytes", unacked, Unacked::bytes)
                .description("Bytes received and not yet stored by Kafka, bounded by ingest.max_unacked")
                .register(registry);
        Gauge.builder("relay.ingest.oldest.write.seconds", writer, w -> w.oldestNanos() / 1e9)
                .description("For how long the oldest write has waited for Kafka's acknowledgement; 0: none waits")
                .register(registry);
    }

    @Override
    public ReloadMeters reloads() {
        return reloads;
    }

    @Override
    public InetSocketAddress adminAddress() {
        return admin.address();
    }

    /** Checks what may fail, and hands the rest over to {@code ingest-control}. */
    @Override
    public void reload(ConfigDifference difference, RelayConfig next)
            throws UnusableConfigurationException, InterruptedException {
        try {
            difference.added().forEach(route -> BrokerTls.check(route.broker()));
            difference.changed().stream()
                    .filter(RouteChange::isOfConnection)
                    .forEach(change -> BrokerTls.check(change.to().broker()));
        } catch (UnusableTlsException e) {
            throw new UnusableConfigurationException(String.valueOf(e.getMessage()), e);
        }
        control.await(() -> wiring.change(difference), TAKEN_WITHIN);
    }

    /**
     * Takes no more messages, lets Kafka store what it has in hand, acknowledges that, leaves the sessions to the MQTT
     * brokers.
     *
     * @param limit for all of it; what is not stored by then comes again
     */
    @Override
    public void close(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        running.notReady("stopping");
        control.await(sources::quiesce, left(deadline));
        Duration patience = left(deadline).minus(CLOSE_RESERVE);
        writer.drain(patience.isNegative() ? left(deadline).dividedBy(2) : patience);
        control.await(sources::disconnect, left(deadline));
        sources.awaitDisconnected(left(deadline));
        control.close();
        topicsThread.stop();
        writerThread.stop();
        if (writerThread.join(left(deadline))) {
            writer.closeProducer(left(deadline));
        }
        topicsThread.join(left(deadline));
        admin.close();
        metrics.close();
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }
}
