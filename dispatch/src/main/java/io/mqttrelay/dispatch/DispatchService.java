package io.mqttrelay.dispatch;

import io.micrometer.core.instrument.Gauge;
import io.mqttrelay.common.admin.AdminServer;
import io.mqttrelay.common.admin.Readiness;
import io.mqttrelay.common.cli.ServiceProcess;
import io.mqttrelay.common.config.ConfigDifference;
import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.UnusableConfigurationException;
import io.mqttrelay.common.kafka.KafkaClients;
import io.mqttrelay.common.metrics.Metrics;
import io.mqttrelay.common.metrics.ReloadMeters;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.thread.CallThreads;
import io.mqttrelay.common.thread.RoleThread;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.common.topic.TopicPlan;
import io.mqttrelay.dispatch.consume.ConsumerLoop;
import io.mqttrelay.dispatch.consume.ConsumerMeters;
import io.mqttrelay.dispatch.consume.Heartbeat;
import io.mqttrelay.dispatch.deliver.Attempts;
import io.mqttrelay.dispatch.replay.OpenFailures;
import io.mqttrelay.dispatch.settle.DeadLetters;
import io.mqttrelay.dispatch.settle.Settlement;
import io.mqttrelay.dispatch.sink.http.HttpSinks;
import io.mqttrelay.dispatch.sink.http.UnusableAddressException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
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
    /** What the end of the process keeps for storing positions, leaving the group and closing clients. */
    private static final Duration CLOSE_RESERVE = Duration.ofSeconds(2);

    private static final Logger log = LogManager.getLogger(DispatchService.class);
    private static final Duration TAKEN_WITHIN = Duration.ofSeconds(5);

    /** For a look at Kafka that is under way; nothing is lost where it takes longer. */
    private static final Duration COUNTING_ENDS = Duration.ofMillis(500);

    // in the order in which they end
    private final RoleThread openFailures;
    private final RoleThread consumer;
    private final RoleThread topics;
    private final Consuming consuming;
    private final ExecutorService calls;
    private final ScheduledThreadPoolExecutor timer;
    private final Restraint restraint;
    private final ProcessorWait processorWait;
    private final DeadLetters deadLetters;
    private final HttpSinks sinks;
    private final KafkaLink kafka;
    private final AdminServer admin;
    private final Metrics metrics;
    private final ReloadMeters reloads;

    private final Readiness.Part running;

    // what follows the configuration
    private final TopicNames names;
    private final Targets.Factory targetFactory;
    private final DispatchPath path;
    private final AddressMeters addressMeters;
    private final OpenFailures counting;
    private Targets targets; // of whoever reloads, one at a time

    /**
     * Wires a dispatcher and starts it. It waits for Kafka by itself, as long as it takes.
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
        service.openFailures.start();
        service.restraint.start();
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
        kafka = new KafkaLink(clients, plan(config.kafka()), names);

        sinks = new HttpSinks(clock, version, config.egress());
        targetFactory = new Targets.Factory(sinks, metrics.registry(), nanoTime);
        targets = Targets.of(config.routes(), targetFactory);
        Attempts attempts = new Attempts(clock, nanoTime);
        deadLetters = new DeadLetters(
                codec, names, appId -> kafka.ensure(Set.of(appId)), () -> clients.producer("dead-letters"), readiness);
        Settlement settlement = new Settlement(deadLetters, clock);

        int maxInFlight = config.dispatch().maxInFlight();
        calls = CallThreads.create("dispatch-call", maxInFlight + ProcessorWait.THREADS);
        timer = new ScheduledThreadPoolExecutor(1, task -> daemon("dispatch-timer", task));
        timer.setRemoveOnCancelPolicy(true);
        Heartbeat heartbeat = new Heartbeat(clients.sessionTimeout(), nanoTime);
        path = new DispatchPath(
                codec,
                targets,
                attempts,
                settlement,
                new DispatchPath.Calls(calls, maxInFlight, onFailure),
                timer,
                heartbeat::isFresh);
        processorWait = new ProcessorWait(calls, nanoTime);
        CallLimit callLimit = new CallLimit(maxInFlight, Runtime.getRuntime().availableProcessors());
        Gauge.builder("relay.dispatch.calls.allowed", callLimit, CallLimit::allowed)
                .description(
                        "Calls that may be out at once: dispatch.max_in_flight, or fewer while answers wait for this"
                                + " process's processors")
                .register(metrics.registry());
        restraint = new Restraint(path, callLimit, processorWait, timer, nanoTime);
        addressMeters = new AddressMeters(metrics.registry(), path::inFlight, nanoTime);
        addressMeters.of(targets);

        ConsumerMeters consumerMeters = new ConsumerMeters(metrics.registry(), apps.apps());
        ConsumerLoop.Bounds bounds =
                new ConsumerLoop.Bounds(config.dispatch().maxBuffered(), patience(config.shutdownGrace()));
        consuming = new Consuming(
                kafka,
                apps,
                topicsOfApps -> new ConsumerLoop(
                        new ConsumerLoop.Consumers(
                                clients.consumer(
                                        "consumer",
                                        config.dispatch().groupId(),
                                        topicsOfApps.size() * config.kafka().partitions()),
                                () -> clients.reader("catch-up"),
                                kafka::ids,
                                kafka::ends),
                        topicsOfApps,
                        path,
                        bounds,
                        consumerMeters,
                        clock,
                        heartbeat));
        readiness.watch("kafka consumer", consuming::whyNotReady);
        consumer = new RoleThread("dispatch-consumer", consuming, onFailure);
        topics = new RoleThread("dispatch-topics", consuming.newTopics(), onFailure);
        counting = new OpenFailures(
                () -> clients.reader("open-failures", OpenFailures.FETCH_BYTES, OpenFailures.IDLE),
                config.routes(),
                names,
                metrics.registry(),
                nanoTime);
        openFailures = new RoleThread("dispatch-open-failures", counting, onFailure);
        admin = AdminServer.start(config.admin().host(), config.admin().dispatchPort(), readiness, metrics);
        running.ready();
    }

    private static TopicPlan plan(KafkaSettings kafka) {
        return new TopicPlan(
                kafka.partitions(), kafka.replicationFactor(), kafka.retention(), kafka.deadLetterRetention());
    }

    private static Duration patience(Duration grace) {
        Duration patience = grace.minus(CLOSE_RESERVE);
        return patience.compareTo(grace.dividedBy(2)) > 0 ? patience : grace.dividedBy(2);
    }

    private static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public ReloadMeters reloads() {
        return reloads;
    }

    @Override
    public InetSocketAddress adminAddress() {
        return admin.address();
    }

    /** Makes what may fail, and hands the rest over to the consumer thread. One caller at a time. */
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
        AppTopics apps = AppTopics.of(next.routes(), names);
        CompletableFuture<Void> taken =
                consuming.change(apps, changed.keysOfOthersThan(before), () -> path.change(changed));
        addressMeters.of(changed);
        counting.routes(next.routes());
        awaitTaken(taken);
    }

    /** So that what is logged then is true, as a rule; a consumer that waits for Kafka takes it later. */
    private static void awaitTaken(CompletableFuture<Void> taken) throws InterruptedException {
        try {
            taken.get(TAKEN_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            log.info("the consumer is busy and goes over to the configuration as soon as it can");
        }
    }

    /**
     * Takes no more work, lets what is out end, stores positions, leaves the group.
     *
     * @param limit for all of it; what is not done by then is left
     */
    @Override
    public void close(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        running.notReady("stopping");
        openFailures.stop();
        consumer.stop();
        topics.stop();
        consuming.stopWaiting();
        consumer.join(limit);
        openFailures.join(COUNTING_ENDS);
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
