package io.mqttrelay.dispatch.deadletter;

import io.micrometer.core.instrument.MeterRegistry;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.common.thread.Role;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.dispatch.deadletter.TopicReader.Range;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Counts the open failures of the configured apps: reads their dead topics from the beginning, slowly, and follows
 * them. It starts again when retention has deleted records, which leave no tombstone, and when topics or partitions are
 * new. The counts of an app whose topic cannot be read stand still, alone.
 */
@CalledOn("dispatch-open-failures")
public final class OpenFailures implements Role {
    private static final Logger log = LogManager.getLogger(OpenFailures.class);

    /** Largest fetch response, unless one dead letter is larger. */
    public static final int FETCH_BYTES = 256 * 1024;

    /** Interval of requests to each broker that has nothing new. */
    public static final Duration IDLE = Duration.ofSeconds(5);

    /** Most entries of all apps that are counted exactly; about 12 MB. */
    static final int BOUND = 200_000;

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(10);
    private static final Duration UNTIL_THERE = Duration.ofSeconds(2);
    /** Time to make the topics of apps that are new in the configuration. */
    private static final Duration UNTIL_NEW = Duration.ofSeconds(5);

    /** A single request that times out is not logged. */
    private static final int TOLD_FROM = 2;

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);

    /** Pause between two fetches of the existing letters at the start: live traffic goes first. */
    private static final long BREATH_MILLIS = 10;

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final TopicNames names;
    private final Map<String, String> apps = new LinkedHashMap<>();
    private final AtomicReference<@Nullable Collection<Route>> changed = new AtomicReference<>();
    private final OpenFailureMeters meters;
    private final BooleanSupplier kafkaAnswers;
    private final LongSupplier nanoTime;
    private final int bound;
    private final ReadableTopics topics;

    // from one start of the count to the next
    private @Nullable Consumer<byte[], byte[]> consumer;
    private OpenTable table;
    private Map<TopicPartition, Long> begins = Map.of();
    /** The apps in the table. */
    private Set<String> counted = new HashSet<>();

    private Map<TopicPartition, Long> ahead = new HashMap<>();
    private long nextLook;
    private int failures;

    /**
     * @param consumers without a group, owned by this role
     * @param kafkaAnswers while it is false, no request is made
     */
    public OpenFailures(
            Supplier<Consumer<byte[], byte[]>> consumers,
            Collection<Route> routes,
            TopicNames names,
            MeterRegistry registry,
            BooleanSupplier kafkaAnswers,
            LongSupplier nanoTime) {
        this(consumers, routes, names, registry, kafkaAnswers, nanoTime, BOUND);
    }

    OpenFailures(
            Supplier<Consumer<byte[], byte[]>> consumers,
            Collection<Route> routes,
            TopicNames names,
            MeterRegistry registry,
            BooleanSupplier kafkaAnswers,
            LongSupplier nanoTime,
            int bound) {
        this.consumers = consumers;
        this.kafkaAnswers = kafkaAnswers;
        this.names = names;
        this.meters = new OpenFailureMeters(registry);
        this.nanoTime = nanoTime;
        this.bound = bound;
        this.topics = new ReadableTopics(kafkaAnswers, nanoTime);
        this.table = new OpenTable(bound);
        this.nextLook = nanoTime.getAsLong();
        become(routes);
    }

    /** Replaces the routes whose apps are counted. Any thread. */
    public void routes(Collection<Route> routes) {
        changed.set(List.copyOf(routes));
    }

    private void become(Collection<Route> routes) {
        meters.configured(routes);
        apps.clear();
        routes.forEach(route -> apps.put(names.dead(route.appId()), route.appId())); // enabled or not
    }

    @Override
    public void step() throws InterruptedException {
        Collection<Route> routes = changed.getAndSet(null);
        if (routes != null) {
            become(routes);
            if (!begins.isEmpty() && ahead.isEmpty()) {
                publish(); // otherwise published when all is read
            }
            later(UNTIL_NEW);
        }
        if (!kafkaAnswers.getAsBoolean()) {
            Thread.sleep(POLL.toMillis());
            return;
        }
        try {
            if (nextLook - nanoTime.getAsLong() <= 0) {
                look();
            }
            if (begins.isEmpty()) {
                Thread.sleep(POLL.toMillis());
            } else {
                follow();
            }
        } catch (KafkaException e) {
            failed(e);
        }
    }

    private void publish() {
        Set<String> still = new HashSet<>(topics.leftOut());
        still.retainAll(apps.values());
        meters.publish(table, counted, still);
    }

    private Consumer<byte[], byte[]> consumer() {
        if (consumer == null) {
            consumer = consumers.get();
        }
        return consumer;
    }

    private void look() {
        Map<TopicPartition, Range> found = topics.find(consumer(), apps);
        Map<TopicPartition, Long> first = new HashMap<>();
        found.forEach((partition, range) -> first.put(partition, range.from()));
        boolean roomAgain = !table.isComplete() && table.isHalfEmpty();
        if (!first.equals(begins) || roomAgain) {
            begin(first, found);
        }
        long there =
                found.keySet().stream().map(TopicPartition::topic).distinct().count();
        int leftOut = topics.leftOut().size();
        boolean all = there + leftOut == apps.size();
        later(!all ? UNTIL_THERE : leftOut > 0 ? AFTER_FAILURE : LOOK_AGAIN);
        if (failures >= TOLD_FROM) {
            log.info("dead letters are counted again");
        }
        failures = 0;
    }

    private void begin(Map<TopicPartition, Long> first, Map<TopicPartition, Range> found) {
        ahead = new HashMap<>();
        found.forEach((partition, range) -> ahead.put(partition, range.to()));
        table = new OpenTable(bound);
        begins = first;
        counted = new HashSet<>();
        first.keySet().forEach(partition -> counted.add(apps.getOrDefault(partition.topic(), "")));
        consumer().assign(first.keySet());
        first.forEach((partition, offset) -> consumer().seek(partition, offset));
    }

    private void follow() throws InterruptedException {
        ConsumerRecords<byte[], byte[]> polled;
        try {
            polled = consumer().poll(POLL);
        } catch (TopicAuthorizationException e) {
            leaveOut(e);
            return;
        }
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            if (record.key() != null) {
                table.apply(
                        apps.getOrDefault(record.topic(), ""),
                        record.partition(),
                        record.key(),
                        record.value() != null,
                        record.value() == null ? "" : RecordCodec.clientIdOfDead(record));
            }
        }
        boolean wasBehind = !ahead.isEmpty();
        ahead.entrySet().removeIf(end -> consumer().position(end.getKey(), ReadableTopics.QUESTION) >= end.getValue());
        if (!ahead.isEmpty()) {
            Thread.sleep(BREATH_MILLIS);
        } else if (wasBehind || !polled.isEmpty()) {
            publish();
        }
    }

    private void leaveOut(TopicAuthorizationException e) {
        if (!topics.leaveOut(e.unauthorizedTopics())) {
            throw e;
        }
        begins = Map.of();
        later(Duration.ZERO);
    }

    private void failed(KafkaException e) throws InterruptedException {
        failures++;
        if (failures == TOLD_FROM) {
            log.warn("dead letters cannot be counted now, and their metric stands still: {}", e.getMessage());
        }
        close();
        begins = Map.of();
        later(AFTER_FAILURE);
        Thread.sleep(POLL.toMillis());
    }

    private void later(Duration wait) {
        nextLook = nanoTime.getAsLong() + wait.toNanos();
    }

    @Override
    public void close() {
        if (consumer != null) {
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
            consumer = null;
        }
    }
}
