package io.mqttrelay.common.kafka;

import io.micrometer.core.instrument.MeterRegistry;
import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.config.Secret;
import io.mqttrelay.common.topic.DeadLetterLimit;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the Kafka clients of one process. Settings come in four layers, the later ones win: our defaults, the
 * operator's {@code kafka.properties}, the operator's {@code kafka.producer} or {@code kafka.consumer}, and what
 * durability needs. Each call makes a client of its own, which the caller closes.
 */
public final class KafkaClients {
    /**
     * How long {@code send} may wait for a topic's metadata or for buffer space before it throws. Short, so that one
     * topic that is missing holds up the thread that writes to all the others for no longer than this; the caller
     * tries again.
     */
    public static final Duration MAX_BLOCK = Duration.ofSeconds(1);

    /** The largest record that {@link #messageProducer} hands to Kafka, whatever the topic would take; bytes. */
    public static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

    private static final long SMALLEST_BUFFER = 32L * 1024 * 1024;

    /** What a member of a group has fetched of all its partitions, and not handed over yet; bytes, compressed. */
    private static final int FETCHED = 64 * 1024 * 1024;

    /** But of each partition at least, some batches of a producer. */
    private static final int LEAST_FETCHED = 32 * 1024;

    private static final int MOST_FETCHED = 1024 * 1024;

    /** After it Kafka undoes what a process that died has left open; until then its readers wait. */
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(30);

    /** Settings of consumers that are in a group. */
    private static final Set<String> OF_MEMBERS = Set.of(
            ConsumerConfig.GROUP_ID_CONFIG,
            ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
            ConsumerConfig.GROUP_PROTOCOL_CONFIG,
            ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
            ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
            ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG);

    private final KafkaSettings settings;
    private final String process;
    private final @Nullable ClientMeters meters;

    /** Clients with {@code process} in their ids, {@code replay} for one, of which nobody sees a meter. */
    public KafkaClients(KafkaSettings settings, String process) {
        this(settings, process, (ClientMeters) null);
    }

    /** Clients with {@code process} in their ids: {@code ingest}, {@code dispatch}; what they measure is in {@code registry}. */
    public KafkaClients(KafkaSettings settings, String process, MeterRegistry registry) {
        this(settings, process, new ClientMeters(registry));
    }

    private KafkaClients(KafkaSettings settings, String process, @Nullable ClientMeters meters) {
        this.settings = settings;
        this.process = process;
        this.meters = meters;
    }

    /**
     * The producer of what arrives from outside: takes records up to {@link #MAX_MESSAGE_BYTES}, so that the dead letter
     * of any record it took still fits through {@link #producer}.
     *
     * @param role part of the client's id
     * @param maxUnacked bytes that the caller hands over at most before Kafka has stored them
     */
    public Producer<byte[], byte[]> messageProducer(String role, long maxUnacked) {
        Map<String, Object> overrides = new HashMap<>();
        overrides.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_MESSAGE_BYTES);
        // half as much again: what is open in a half-filled batch counts in full
        overrides.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(SMALLEST_BUFFER, maxUnacked + maxUnacked / 2));
        return new KafkaProducer<>(producerConfig(role, overrides));
    }

    /**
     * The producer of what the relay already holds: dead letters, deliveries to replay.
     *
     * @param role part of the client's id
     */
    public Producer<byte[], byte[]> producer(String role) {
        return new KafkaProducer<>(producerConfig(role, Map.of()));
    }

    /**
     * A consumer that never decides by itself where to begin: {@link OffsetReset#NONE}.
     *
     * @param partitions that it may have to itself, about: Kafka's client fetches ahead of each, also of those that are
     *     paused then, and has no bound for all of them together
     */
    public Consumer<byte[], byte[]> consumer(String role, String groupId, int partitions) {
        return new KafkaConsumer<>(consumerConfig(role, groupId, OffsetReset.NONE, fetched(partitions)));
    }

    static int fetched(int partitions) {
        return Math.max(LEAST_FETCHED, Math.min(MOST_FETCHED, FETCHED / Math.max(1, partitions)));
    }

    /**
     * A consumer of committed records that commits only when told to.
     *
     * @param role part of the client's id
     */
    public Consumer<byte[], byte[]> consumer(String role, String groupId, OffsetReset reset) {
        return new KafkaConsumer<>(consumerConfig(role, groupId, reset));
    }

    /** For how long a member of a group may be silent before it loses its partitions: ours, or the operator's. */
    public Duration sessionTimeout() {
        Object millis = consumerConfig("", "", OffsetReset.NONE).get(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);
        return Duration.ofMillis(Long.parseLong(String.valueOf(millis).strip()));
    }

    /**
     * A consumer of committed records that belongs to no group, for who looks at whole topics. Where it stands on nothing
     * it starts at the oldest record.
     *
     * @param role part of the client's id
     * @param fetchBytes what one fetch brings at most, but for a record that is larger by itself
     * @param idle how long a broker that has nothing new waits before it says so
     */
    public Consumer<byte[], byte[]> reader(String role, int fetchBytes, Duration idle) {
        Map<String, Object> config = readerConfig(role, OffsetReset.EARLIEST);
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, fetchBytes);
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, fetchBytes);
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) idle.toMillis());
        return new KafkaConsumer<>(config);
    }

    /**
     * A producer whose writes become visible together or not at all. Another one with the same id ends this one.
     *
     * @param role part of the client's id
     * @param transactionalId what was left open under it by a process that died is undone when the next one begins
     */
    public Producer<byte[], byte[]> transactionalProducer(String role, String transactionalId) {
        return new KafkaProducer<>(transactionalConfig(role, transactionalId));
    }

    /**
     * A consumer of committed records that is in no group: the caller says what it reads, and from where. A position that
     * the log does not hold is an error.
     *
     * @param role part of the client's id
     */
    public Consumer<byte[], byte[]> reader(String role) {
        return new KafkaConsumer<>(readerConfig(role, OffsetReset.NONE));
    }

    Map<String, Object> readerConfig(String role, OffsetReset reset) {
        Map<String, Object> config = consumerConfig(role, "", reset);
        config.keySet().removeAll(OF_MEMBERS);
        return config;
    }

    /** An admin client; {@code role} is part of its id. */
    public Admin admin(String role) {
        return Admin.create(adminConfig(role));
    }

    Map<String, Object> producerConfig(String role, Map<String, Object> sizes) {
        Map<String, Object> config = common();
        config.put(ProducerConfig.LINGER_MS_CONFIG, 2);
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_MESSAGE_BYTES + DeadLetterLimit.HEADROOM);
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, SMALLEST_BUFFER);
        config.putAll(sizes);
        operators(config, settings.producer());
        if (!sizes.containsKey(ProducerConfig.MAX_REQUEST_SIZE_CONFIG)) {
            addHeadroom(config);
        }

        forced(config, role);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 5);
        config.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
        // a producer that gives up on one record and not on the next has changed their order
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK.toMillis());
        config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        return config;
    }

    /** The operator's limit is that of messages: what their dead letters have besides must fit, too. */
    private static void addHeadroom(Map<String, Object> config) {
        Object limit = config.get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
        if (limit instanceof String text && text.strip().matches("\\d{1,9}")) {
            config.put(
                    ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.parseInt(text.strip()) + DeadLetterLimit.HEADROOM);
        }
    }

    Map<String, Object> transactionalConfig(String role, String transactionalId) {
        Map<String, Object> config = producerConfig(role, Map.of());
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) TRANSACTION_TIMEOUT.toMillis());
        // it also bounds the begin and the end of a transaction, for which the coordinator must write
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TRANSACTION_TIMEOUT.toMillis());
        return config;
    }

    Map<String, Object> consumerConfig(String role, String groupId, OffsetReset reset) {
        return consumerConfig(role, groupId, reset, MOST_FETCHED);
    }

    Map<String, Object> consumerConfig(String role, String groupId, OffsetReset reset, int fetchedOfPartition) {
        Map<String, Object> config = common();
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 8 * 1024 * 1024);
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, fetchedOfPartition);
        // batches are unpacked poll by poll: what one may bring must be small, however well it was compressed
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 50);
        // how long the partitions of a dispatcher that died stand still; Kafka's own 45 s are for slower consumers
        config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 15_000);
        config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3_000);
        operators(config, settings.consumer());

        forced(config, role);
        config.put(ConsumerConfig.GROUP_ID_CONFIG, groupId);
        // the newer protocol takes a commit from a member that lost its partitions once the group is empty
        config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        config.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, reset.name().toLowerCase(Locale.ROOT));
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return config;
    }

    Map<String, Object> adminConfig(String role) {
        Map<String, Object> config = common();
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 30_000);
        operators(config, Map.of());
        forced(config, role);
        return config;
    }

    private Map<String, Object> common() {
        Map<String, Object> config = new HashMap<>();
        // no JMX beans, which would only clash when names repeat
        config.put(
                CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG,
                meters == null ? "" : ClientReporter.class.getName());
        if (meters != null) {
            config.put(ClientReporter.METERS, meters);
        }
        config.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        return config;
    }

    private void operators(Map<String, Object> config, Map<String, Secret> ofThisKind) {
        settings.properties().forEach((key, value) -> config.put(key, value.reveal()));
        ofThisKind.forEach((key, value) -> config.put(key, value.reveal()));
    }

    private void forced(Map<String, Object> config, String role) {
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        config.put(CommonClientConfigs.CLIENT_ID_CONFIG, "relay-" + process + "-" + role);
        if (RenewedSslEngines.areFor(config)) {
            config.put(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, RenewedSslEngines.class);
        }
    }
}
