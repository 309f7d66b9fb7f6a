package io.mqttrelay.dispatch;

import io.micrometer.core.instrument.Gauge;
import io.mqttrelay.common.admin.AdminServer;
import io.mqttrelay.common.admin.Readiness;
import io.mqttrelay.common.cli.ServiceProcess;
import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.change.ConfigDifference;
import io.mqttrelay.common.config.change.UnusableConfigurationException;
import io.mqttrelay.common.kafka.KafkaClients;
import io.mqttrelay.common.metrics.Metrics;
import io.mqttrelay.common.metrics.ReloadMeters;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayHop;
import io.mqttrelay.common.thread.GuardedExecutors;
import io.mqttrelay.common.thread.RoleThread;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.dispatch.consume.Buffers;
import io.mqttrelay.dispatch.consume.ConsumerLoop;
import io.mqttrelay.dispatch.consume.ConsumerTime;
import io.mqttrelay.dispatch.deadletter.OpenFailures;
import io.mqttrelay.dispatch.deliver.Attempts;
import io.mqttrelay.dispatch.deliver.DeliveryWorker;
import io.mqttrelay.dispatch.limit.CallLimit;
import io.mqttrelay.dispatch.limit.ConcurrencyLimiter;
import io.mqttrelay.dispatch.limit.ProcessorWait;
import io.mqttrelay.dispatch.member.DrainingAssignor;
import io.mqttrelay.dispatch.member.Heartbeat;
import io.mqttrelay.dispatch.member.MemberReference;
import io.mqttrelay.dispatch.observe.ConsumerMeters;
import io.mqttrelay.dispatch.progress.ProgressTopic;
import io.mqttrelay.dispatch.route.Targets;
import io.mqttrelay.dispatch.settle.DeadLetterMeters;
import io.mqttrelay.dispatch.settle.DeadLetters;
import io.mqttrelay.dispatch.settle.Settlement;
import io.mqttrelay.dispatch.sink.SinkContext;
import io.mqttrelay.dispatch.sink.SinkProviders;
import io.mqttrelay.dispatch.sink.Sinks;
import io.mqttrelay.dispatch.sink.UnusableAddressException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** One dispatcher: everything that {@code relay dispatch} runs, wired by hand. */
public final class DispatchService implements ServiceProcess.Service {
    /** The time reserved at the end of the process to commit, to leave the group and to close clients. */
    private static final Duration CLOSE_RESERVE = Duration.ofSeconds(2);

    /** The shortest limit for one step of the consumer thread, including failures. */
    private static final Duration SHORTEST_POLL_INTERVAL = Duration.ofSeconds(60);

    /** Deliveries of one address in one partition that may be in memory. */
    private static final int MAX_WINDOW = 10_000;

    private static final Logger log = LogManager.getLogger(DispatchService.class);
    /** The consumer's name in readiness. */
    private static final String CONSUMER = "kafka consumer";

    private static final Duration TAKEN_WITHIN = Duration.ofSeconds(5);

    /** For a running scan of Kafka; nothing is lost if it takes longer. */
    private static final Duration COUNTING_ENDS = Duration.ofMillis(500);

    // in the order in which they end
    private final RoleThread openFailures;
    private final RoleThread consumer;
    private final RoleThread topics;
    private final RoleThread progressTopic;
    private final ConsumerRole consumerRole;
    private final ExecutorService calls;
    private final ScheduledThreadPoolExecutor timer;
    private final ConcurrencyLimiter limiter;
    private final ProcessorWait processorWait;
    private final DeadLetters deadLetters;
    private final Sinks sinks;
    private final KafkaLink kafka;
    private final AdminServer admin;
    private final Metrics metrics;
    private final ReloadMeters reloads;

    private final Readiness.Part running;

    // changes with the configuration
    private final TopicNames names;
    private final TargetFactory targetFactory;
    private final DispatchPath path;
    private final AddressMeters addressMeters;
    private final OpenFailures counting;
    private Targets targets; // belongs to the thread that reloads, one at a time

    /**
     * Wires a dispatcher and starts it; it waits for Kafka as long as needed.
     *
     * @param version the product's
     * @param onFailure told, on any thread, of a defect that ends the process
     * @throws IOException in words: the admin server's address cannot be bound
     */
    public static DispatchService start(RelayConfig config, String version, Consumer<Throwable> onFailure)
            throws IOException {
        DispatchService service = new DispatchService(config, version, onFailure);
        service.consumer.start();
        service.topics.start();
        service.progressTopic.start();
        service.openFailures.start();
        service.limiter.start();
        return service;
    }

    private DispatchService(RelayConfig config, String version, Consumer<Throwable> onFailure) throws IOException {
        Clock clock = Clock.systemUTC();
        LongSupplier nanoTime = System::nanoTime;
        RecordCodec codec = new RecordCodec();
        names = new TopicNames(config.kafka().topicPrefix());
        AppTopics apps = AppTopics.of(config.routes(), names);
        metrics = new Metrics();
        reloads = new ReloadMeters(metrics.registry());
        KafkaClients clients = new KafkaClients(config.kafka(), "dispatch", metrics.registry());
        Readiness readiness = new Readiness();
        running = readiness.part("dispatch", "starting");
        kafka = new KafkaLink(clients, config.kafka().topicPlan(), names);

        GuardedExecutors executors = new GuardedExecutors(onFailure);
        SinkContext context = new SinkContext(
                clock,
                version,
                config.egress(),
                RelayHop.of(clients.reach()::clusterId, config.kafka().topicPrefix()),
                executors);
        sinks = new Sinks(SinkProviders.installed(), context);
        targetFactory = new TargetFactory(sinks, metrics.registry(), nanoTime);
        targets = Targets.of(config.routes(), targetFactory);
        Attempts attempts = new Attempts(clock, nanoTime);
        deadLetters = new DeadLetters(
                codec,
                names,
                kafka::deadTopicIsThere,
                () -> clients.producer("dead-letters"),
                readiness,
                new DeadLetterMeters(metrics.registry()),
                executors);
        Settlement settlement = new Settlement(deadLetters, clock);

        int maxInFlight = config.dispatch().maxInFlight();
        calls = executors.calls("dispatch-call", maxInFlight + ProcessorWait.THREADS);
        timer = executors.timer("dispatch-timer");
        Heartbeat heartbeat = new Heartbeat(clients.sessionTimeout(), nanoTime);
        path = new DispatchPath(
                codec,
                targets,
                attempts,
                settlement,
                new DeliveryWorker.Calls(calls, maxInFlight, onFailure, nanoTime),
                timer,
                heartbeat::isFresh);
        processorWait = new ProcessorWait(calls, nanoTime);
        CallLimit callLimit = new CallLimit(maxInFlight, Runtime.getRuntime().availableProcessors());
        Gauge.builder("relay.dispatch.calls.allowed", callLimit, CallLimit::allowed)
                .description(
                        "Calls that may be out at once: dispatch.max_in_flight, or fewer while answers wait for this"
                                + " process's processors")
                .register(metrics.registry());
        limiter = new ConcurrencyLimiter(path.lanes(), callLimit, processorWait, timer, nanoTime);
        addressMeters =
                new AddressMeters(metrics.registry(), target -> path.lanes().running(target.lanes()), nanoTime);
        addressMeters.of(targets);

        ConsumerMeters consumerMeters = new ConsumerMeters(metrics.registry(), apps.apps());
        Buffers buffers = new Buffers(config.dispatch().maxBuffered());
        ProgressTopic progress = new ProgressTopic(
                names.progress(), kafka::progressTopicIsThere, ProgressTopic.clients(clients, buffers.ofAnswer()));
        progressTopic = new RoleThread("dispatch-progress", progress, onFailure);
        ConsumerLoop.Bounds bounds = new ConsumerLoop.Bounds(
                buffers.ofMessages(), MAX_WINDOW, config.dispatch().rebalanceWait(), patience(config.shutdownGrace()));
        consumerRole = new ConsumerRole(
                kafka,
                apps,
                topicsOfApps -> new ConsumerLoop(
                        consumers(clients, config, buffers, progress),
                        topicsOfApps,
                        path,
                        bounds,
                        consumerMeters,
                        ConsumerTime.system(clock),
                        heartbeat));
        readiness.watch(CONSUMER, consumerRole::whyNotReady);
        readiness.watchDegrading(() -> reasons("kafka topics", consumerRole.appsNotConsumed()));
        readiness.watchDegrading(() -> reasons(CONSUMER, consumerRole.degraded()));
        readiness.watchDegrading(() -> reasons("address", addressMeters.down()));
        consumer = new RoleThread("dispatch-consumer", consumerRole, onFailure);
        topics = new RoleThread("dispatch-topics", consumerRole.appsToLookAt(), onFailure);
        counting = new OpenFailures(
                () -> clients.reader("open-failures", OpenFailures.FETCH_BYTES, OpenFailures.IDLE),
                config.routes(),
                names,
                metrics.registry(),
                kafka::answers,
                nanoTime);
        openFailures = new RoleThread("dispatch-open-failures", counting, onFailure);
        admin = AdminServer.start(config.admin().host(), config.admin().dispatchPort(), readiness, metrics);
        running.ready();
    }

    private static List<Readiness.Reason> reasons(String part, List<String> lines) {
        return lines.stream().map(line -> new Readiness.Reason(part, line)).toList();
    }

    private ConsumerLoop.Consumers consumers(
            KafkaClients clients, RelayConfig config, Buffers buffers, ProgressTopic progress) {
        Duration wait = config.dispatch().rebalanceWait().plus(KafkaSettings.REBALANCE_RESERVE);
        MemberReference member = new MemberReference();
        KafkaClients.GroupMember group = new KafkaClients.GroupMember(
                config.dispatch().groupId(),
                DrainingAssignor.class,
                Map.of(DrainingAssignor.MEMBER, member),
                wait.compareTo(SHORTEST_POLL_INTERVAL) < 0 ? SHORTEST_POLL_INTERVAL : wait,
                AppTopics.of(config.routes(), names).byTopic().size()
                        * config.kafka().partitions());
        return new ConsumerLoop.Consumers(
                clients.consumer("consumer", group, buffers.ofAnswer()),
                member,
                () -> clients.reader("catch-up", buffers.ofAnswer()),
                kafka::ids,
                kafka::ends,
                kafka::ranges,
                progress);
    }

    private static Duration patience(Duration grace) {
        Duration patience = grace.minus(CLOSE_RESERVE);
        return patience.compareTo(grace.dividedBy(2)) > 0 ? patience : grace.dividedBy(2);
    }

    @Override
    public ReloadMeters reloads() {
        return reloads;
    }

    @Override
    public InetSocketAddress adminAddress() {
        return admin.address();
    }

    /** Prepares everything that may fail, and hands the change over to the consumer thread. One caller at a time. */
    @Override
    public void reload(ConfigDifference difference, RelayConfig next)
            throws UnusableConfigurationException, InterruptedException {
        Targets before = targets;
        Targets changed;
        try {
            changed = before.changed(next.routes(), difference, targetFactory);
        } catch (UnusableAddressException e) {
            throw new UnusableConfigurationException(String.valueOf(e.getMessage()), e);
        }
        targets = changed;
        changed.relabel(targetFactory);
        AppTopics apps = AppTopics.of(next.routes(), names);
        CompletableFuture<Void> taken =
                consumerRole.change(apps, changed.keysOfOthersThan(before), () -> path.change(changed));
        addressMeters.of(changed);
        counting.routes(next.routes());
        awaitTaken(taken);
    }

    /**
     * Waits a little, so that the following log line is usually true; a consumer that waits for Kafka takes the change
     * later.
     */
    private static void awaitTaken(CompletableFuture<Void> taken) throws InterruptedException {
        try {
            taken.get(TAKEN_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            log.info("the consumer is busy and goes over to the configuration as soon as it can");
        }
    }

    /**
     * Stops reading, lets calls in flight end, commits, and leaves the group.
     *
     * @param limit for all of it; the rest is left undone
     */
    @Override
    public void close(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        running.notReady("stopping");
        openFailures.stop();
        consumer.stop();
        topics.stop();
        consumerRole.stopWaiting();
        consumer.join(limit);
        openFailures.join(COUNTING_ENDS);
        progressTopic.stop();
        progressTopic.join(COUNTING_ENDS);
        timer.shutdownNow();
        processorWait.close();
        calls.shutdown();
        deadLetters.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        sinks.close();
        kafka.close();
        admin.close();
        metrics.close();
    }
}
