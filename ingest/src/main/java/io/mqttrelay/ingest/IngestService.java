package io.mqttrelay.ingest;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mqttrelay.common.admin.AdminServer;
import io.mqttrelay.common.admin.Readiness;
import io.mqttrelay.common.cli.ServiceProcess;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.change.ConfigDifference;
import io.mqttrelay.common.config.change.RouteChange;
import io.mqttrelay.common.config.change.UnusableConfigurationException;
import io.mqttrelay.common.kafka.KafkaClients;
import io.mqttrelay.common.kafka.TopicLink;
import io.mqttrelay.common.metrics.Metrics;
import io.mqttrelay.common.metrics.ReloadMeters;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayHop;
import io.mqttrelay.common.record.RelayIds;
import io.mqttrelay.common.thread.GuardedExecutors;
import io.mqttrelay.common.thread.RoleThread;
import io.mqttrelay.common.tls.UnusableTlsException;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.common.topic.TopicPlan;
import io.mqttrelay.ingest.mqtt.wire.BrokerTls;
import io.mqttrelay.ingest.mqtt.wire.EventLoops;
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
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** One ingest: all parts of {@code relay ingest}, wired by hand. {@link RouteWiring} wires the routes. */
public final class IngestService implements ServiceProcess.Service {
    private static final Logger LOG = LogManager.getLogger(IngestService.class);
    /** The divisor of the memory that Kafka's client gets: it copies the records that it is given. */
    private static final int SENT_PART = 4;
    /** Time kept at the end of the shutdown for DISCONNECT and for closing clients. */
    private static final Duration CLOSE_RESERVE = Duration.ofSeconds(2);

    private static final Duration SESSIONS_WRITTEN = Duration.ofSeconds(1);

    private static final Duration TAKEN_WITHIN = Duration.ofSeconds(5);

    private final ControlThread control;
    private final MqttSources sources;
    private final RouteWiring wiring;
    private final RecordWriter writer;
    private final RoleThread writerThread;
    private final RoleThread topicsThread;
    private final RoleThread sessionsThread;
    private final TopicLink kafka;
    private final AdminServer admin;
    private final Metrics metrics;
    private final ReloadMeters reloads;
    private final Readiness.Part running;

    /**
     * Prepares Netty. Call it before any other use of Netty in the process: Netty looks only once for the relay's
     * additions to its connections.
     */
    public static void prepare() {
        EventLoops.prepare();
    }

    /**
     * Wires an ingest and starts it. It waits for Kafka and for the MQTT brokers without a time limit.
     *
     * @param instance distinguishes the ingests of one shared_group
     * @param onFailure called, on any thread, with a defect that must end the process
     * @throws IOException the admin server's address cannot be bound; the message is meant for the operator
     * @throws UnusableTlsException before anything is touched: names the unusable file and the reason
     */
    public static IngestService start(RelayConfig config, String instance, Consumer<Throwable> onFailure)
            throws IOException {
        config.routes().forEach(route -> BrokerTls.check(route.broker()));
        IngestService service = new IngestService(config, instance, onFailure);
        service.writerThread.start();
        service.topicsThread.start();
        service.sessionsThread.start();
        service.control.execute(service.sources::start);
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
        IngestLimits limits = limits(config);
        long maxUnacked = limits.maxUnacked();
        Readiness readiness = new Readiness();
        running = readiness.part("ingest", "starting");

        Unacked unacked = new Unacked(maxUnacked, limits.overdraft());
        writer = new RecordWriter(
                appIds,
                names::messages,
                new RecordWriter.Producers(
                        () -> clients.messageProducer("writer", maxUnacked),
                        () -> clients.messageProducer("writer-large", maxUnacked)),
                new RecordWriter.Limits(maxUnacked / SENT_PART, clients.messageBatchSize()),
                nanoTime,
                new GuardedExecutors(onFailure).pool("ingest-producer-end", 2));
        writerThread = new RoleThread("ingest-writer", writer, onFailure);
        TopicPlan plan = config.kafka().topicPlan();
        kafka = new TopicLink(clients, plan, names);
        TopicKeeper keeper = new TopicKeeper(kafka, new PartitionHealth(kafka::admin), writer, appIds, nanoTime);
        writer.topics(keeper);
        topicsThread = new RoleThread("ingest-topics", keeper, onFailure);

        RememberedSessions remembered =
                new RememberedSessions(new SessionTopic(clients, kafka, plan, names.sessions()), nanoTime);
        sessionsThread = new RoleThread("ingest-sessions", remembered, onFailure);
        sources = new MqttSources(remembered);
        control = new ControlThread(onFailure);
        RelayIds ids = new RelayIds(clock, new SecureRandom().nextLong());
        IngestPath.Memory memory = new IngestPath.Memory(unacked, limits.maxMessage());
        IngestPath.Parts parts = new IngestPath.Parts(
                writer,
                memory,
                new RecordCodec(),
                ids,
                clock,
                new DropLog(nanoTime),
                RelayHop.of(clients.reach()::clusterId, config.kafka().topicPrefix()));
        wiring = new RouteWiring(instance, parts, names, control, readiness, metrics.registry(), sources);
        wiring.wire(config.routes());

        readiness.watch("kafka", keeper::unreachable);
        readiness.watch("mqtt", wiring::noneSubscribed);
        readiness.watchDegrading(() -> fullApps(unacked));
        readiness.watchDegrading(this::blockedApps);
        register(unacked, writer, metrics.registry());
        admin = AdminServer.start(config.admin().host(), config.admin().ingestPort(), readiness, metrics);
        running.ready();
    }

    private static IngestLimits limits(RelayConfig config) {
        IngestLimits limits =
                IngestLimits.of(config.ingest(), Runtime.getRuntime().maxMemory());
        String warning = limits.warning();
        if (warning != null) {
            LOG.warn("{}", warning);
        }
        return limits;
    }

    private static List<String> appIds(RelayConfig config) {
        return config.routes().stream()
                .filter(Route::enabled)
                .map(Route::appId)
                .distinct()
                .toList();
    }

    private List<Readiness.Reason> blockedApps() {
        return writer.problems().stream()
                .map(problem -> new Readiness.Reason("kafka", problem))
                .toList();
    }

    private static List<Readiness.Reason> fullApps(Unacked unacked) {
        return unacked.full().stream()
                .map(appId -> new Readiness.Reason(
                        "ingest.max_unacked", "app " + appId + ": its share is used up, its sockets are not read"))
                .toList();
    }

    private static void register(Unacked unacked, RecordWriter writer, MeterRegistry registry) {
        Gauge.builder("relay.ingest.unacked.bytes", unacked, Unacked::bytes)
                .description(
                        "Bytes received and not yet acknowledged to the MQTT broker, bounded by ingest.max_unacked")
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

    /** Checks everything that may fail, and hands the rest over to {@code ingest-control}. */
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
     * Stops to take messages, waits until those in flight are stored, acknowledges them, and disconnects.
     *
     * @param limit for all of it; messages that are not stored in time come again
     */
    @Override
    public void close(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        running.notReady("stopping");
        Duration toLeave = left(deadline).minus(CLOSE_RESERVE).dividedBy(2);
        control.await(() -> sources.leaveGroups(toLeave), left(deadline));
        sources.awaitLeft(left(deadline).minus(CLOSE_RESERVE));
        control.await(sources::quiesce, left(deadline));
        // the writer releases messages next: a message handed over later would overtake them, and be stored twice
        sources.awaitQuiet(left(deadline).minus(CLOSE_RESERVE));
        Duration patience = left(deadline).minus(CLOSE_RESERVE);
        writer.drain(patience.isNegative() ? left(deadline).dividedBy(2) : patience);
        control.await(sources::disconnect, left(deadline));
        sources.awaitDisconnected(left(deadline));
        control.close();
        topicsThread.stop();
        sessionsThread.stop();
        writerThread.stop();
        if (writerThread.join(left(deadline))) {
            writer.closeProducer(left(deadline));
        }
        topicsThread.join(left(deadline));
        sessionsThread.join(SESSIONS_WRITTEN.compareTo(left(deadline)) < 0 ? SESSIONS_WRITTEN : left(deadline));
        kafka.close();
        admin.close();
        metrics.close();
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }
}
