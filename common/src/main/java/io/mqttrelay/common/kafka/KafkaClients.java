package io.mqttrelay.common.kafka;

import io.micrometer.core.instrument.MeterRegistry;
import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.topic.DeadLetterLimit;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Creates the Kafka clients of one process. Settings come in four layers, and later ones win: the relay's defaults,
 * {@code kafka.properties}, {@code kafka.producer} or {@code kafka.consumer}, and the settings that durability needs.
 * Each call creates a new client, which the caller closes.
 */
public final class KafkaClients {
    /**
     * How long {@code send} may wait for a topic's metadata or for buffer space before it throws. It is short because
     * one missing topic blocks the thread that writes to all other topics for this time. The caller retries.
     */
    public static final Duration MAX_BLOCK = Duration.ofSeconds(1);

    /** The largest record that {@link #messageProducer} sends, at any limit of the topic; bytes. */
    public static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

    /** The largest record that {@link #targetProducer} sends: a format may make a payload larger; bytes. */
    private static final int MAX_TARGET_BYTES = 2 * MAX_MESSAGE_BYTES;

    /** How long {@link #targetProducer} tries to write a record. */
    public static final Duration TARGET_DELIVERY_TIMEOUT = Duration.ofSeconds(30);

    private static final Duration TARGET_REQUEST_TIMEOUT = Duration.ofSeconds(10);

    /** The batch size of the message producer, per partition: enough for some ten thousand messages a second. */
    private static final int MESSAGE_BATCH_SIZE = 64 * 1024;

    private static final long SMALLEST_BUFFER = 32L * 1024 * 1024;

    /** Maximum uncompressed bytes of one poll of any consumer, except for a single record that is larger. */
    static final int POLLED = 1024 * 1024;

    /** Maximum compressed bytes of one fetch response, except for a single record that is larger. */
    private static final int MOST_FETCHED = 8 * 1024 * 1024;

    private static final int LEAST_FETCHED = 128 * 1024;

    /** Number of partitions with a backlog that share a fetch response, so that each partition makes progress. */
    private static final int PARTITIONS_OF_ANSWER = 8;

    private static final Duration SHORTEST_WAIT = Duration.ofMillis(50);
    private static final Duration WAIT_PER_PARTITION = Duration.ofNanos(50_000);
    /** Kafka's own default. */
    private static final Duration LONGEST_WAIT = Duration.ofMillis(500);

    /** Kafka's own default. */
    private static final Duration POLL_INTERVAL = Duration.ofMinutes(5);

    /** Timeout after which Kafka aborts the open transaction of a dead process; its readers wait until then. */
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(30);

    /** Settings of consumers that belong to a group. */
    private static final Set<String> OF_MEMBERS = Set.of(
            ConsumerConfig.GROUP_ID_CONFIG,
            ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
            ConsumerConfig.GROUP_PROTOCOL_CONFIG,
            ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
            ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
            ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
            ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG);

    private final KafkaSettings settings;
    private final KafkaReach reach;
    private final String process;
    private final @Nullable ClientMeters meters;

    /** Clients with {@code process} in their ids, such as {@code replay}, without meters. */
    public KafkaClients(KafkaSettings settings, String process) {
        this(settings, process, (ClientMeters) null);
    }

    /**
     * Clients with {@code process} in their ids ({@code ingest}, {@code dispatch}) and with meters in
     * {@code registry}.
     */
    public KafkaClients(KafkaSettings settings, String process, MeterRegistry registry) {
        this(settings, process, new ClientMeters(registry));
    }

    private KafkaClients(KafkaSettings settings, String process, @Nullable ClientMeters meters) {
        this.settings = settings;
        this.reach = new KafkaReach(settings);
        this.process = process;
        this.meters = meters;
    }

    /**
     * Creates the producer for messages from outside. It accepts records up to {@link #MAX_MESSAGE_BYTES}, so that
     * the dead letter of any accepted record still fits through {@link #producer}. Its {@code send} never waits: it
     * fails if the topic's metadata or buffer memory is missing.
     *
     * @param role part of the client's id
     * @param maxUnacked maximum bytes that the caller has handed over and Kafka has not stored
     */
    public Producer<byte[], byte[]> messageProducer(String role, long maxUnacked) {
        return new KafkaProducer<>(messageProducerConfig(role, maxUnacked));
    }

    Map<String, Object> messageProducerConfig(String role, long maxUnacked) {
        Map<String, Object> overrides = new HashMap<>();
        overrides.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_MESSAGE_BYTES);
        overrides.put(ProducerConfig.BATCH_SIZE_CONFIG, MESSAGE_BATCH_SIZE);
        // half as much again, because the unused part of a half-filled batch counts in full
        overrides.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(SMALLEST_BUFFER, maxUnacked + maxUnacked / 2));
        // if the client forgot a topic, the next message would have to wait for its metadata
        overrides.put(
                ProducerConfig.METADATA_MAX_IDLE_CONFIG, Duration.ofDays(1).toMillis());
        Map<String, Object> config = producerConfig(role, overrides);
        // one thread sends for all apps, so send must not wait
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0L);
        return config;
    }

    /** The {@code batch.size} of {@link #messageProducer}. */
    public int messageBatchSize() {
        Object bytes = messageProducerConfig("", 0).get(ProducerConfig.BATCH_SIZE_CONFIG);
        return Integer.parseInt(String.valueOf(bytes).strip());
    }

    /**
     * Creates the producer for records that the relay already holds: dead letters and replays.
     *
     * @param role part of the client's id
     */
    public Producer<byte[], byte[]> producer(String role) {
        return new KafkaProducer<>(producerConfig(role, Map.of()));
    }

    /**
     * Creates the producer for topics that are not the relay's. It gives a record up after
     * {@link #TARGET_DELIVERY_TIMEOUT}: a record must not be written long after its delivery went to another process.
     * After that, the caller may send nothing that the record must not overtake before it has sent the record again. Its
     * memory is not the limit of records in flight: the caller's own limits are.
     *
     * @param role part of the client's id
     */
    public Producer<byte[], byte[]> targetProducer(String role) {
        return new KafkaProducer<>(targetProducerConfig(role));
    }

    Map<String, Object> targetProducerConfig(String role) {
        Map<String, Object> overrides = new HashMap<>();
        // the calls wait for their records, so that a delay only costs time
        overrides.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        overrides.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_TARGET_BYTES);
        overrides.put(
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                Math.max(SMALLEST_BUFFER, Runtime.getRuntime().maxMemory()));
        Map<String, Object> config = producerConfig(role, overrides);
        long limit = TARGET_DELIVERY_TIMEOUT.toMillis();
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) limit);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) TARGET_REQUEST_TIMEOUT.toMillis());
        return config;
    }

    /** The cause of a Kafka failure in one line, without the values of these clients' settings. */
    public String cause(Throwable failure) {
        return RedactedCause.of(failure, settings);
    }

    /**
     * The group settings of a consumer.
     *
     * @param assignor assigns the partitions; cooperative
     * @param assignorSettings additional settings of the assignor
     * @param pollInterval a member that has not polled for this time loses its partitions; also how long a
     *     rebalance waits for it
     * @param partitions about how many partitions the member may get
     */
    public record GroupMember(
            String groupId,
            Class<? extends CooperativeStickyAssignor> assignor,
            Map<String, Object> assignorSettings,
            Duration pollInterval,
            int partitions) {
        public GroupMember {
            assignorSettings = Map.copyOf(assignorSettings);
        }
    }

    /**
     * Creates a group member that never chooses its start offset itself: {@link OffsetReset#NONE}.
     *
     * @param fetchBytes maximum bytes of one fetch response, over all partitions. Kafka's client keeps a response
     *     in memory until every partition's part was returned or dropped
     */
    public Consumer<byte[], byte[]> consumer(String role, GroupMember member, int fetchBytes) {
        return new BoundedPolls(memberConfig(role, member, fetchBytes), POLLED);
    }

    Map<String, Object> memberConfig(String role, GroupMember member, int fetchBytes) {
        Map<String, Object> config = consumerConfig(
                role,
                member.groupId(),
                OffsetReset.NONE,
                fetchBytes,
                member.pollInterval(),
                fetchWait(member.partitions()));
        config.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, List.of(member.assignor()));
        config.putAll(member.assignorSettings());
        return config;
    }

    /**
     * Creates a consumer of committed records that commits only on request.
     *
     * @param role part of the client's id
     */
    public Consumer<byte[], byte[]> consumer(String role, String groupId, OffsetReset reset) {
        return new BoundedPolls(consumerConfig(role, groupId, reset), POLLED);
    }

    /** The session timeout of group members: the relay's default, or the operator's value. */
    public Duration sessionTimeout() {
        Object millis = consumerConfig("", "", OffsetReset.NONE).get(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);
        return Duration.ofMillis(Long.parseLong(String.valueOf(millis).strip()));
    }

    /**
     * Creates a consumer of committed records without a group, for readers of whole topics. Without a valid position
     * it starts at the oldest record.
     *
     * @param role part of the client's id
     * @param fetchBytes maximum bytes of one fetch, except for a single record that is larger
     * @param idle how long a broker without new records waits before it answers
     */
    public Consumer<byte[], byte[]> reader(String role, int fetchBytes, Duration idle) {
        Map<String, Object> config = readerConfig(role, OffsetReset.EARLIEST);
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, fetchBytes);
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, fetchBytes);
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) idle.toMillis());
        return new BoundedPolls(config, POLLED);
    }

    /**
     * Creates a producer whose writes become visible together or not at all. A new producer with the same id fences
     * this one.
     *
     * @param role part of the client's id
     * @param transactionalId a new producer with this id aborts the open transaction of a dead process
     */
    public Producer<byte[], byte[]> transactionalProducer(String role, String transactionalId) {
        return new KafkaProducer<>(transactionalConfig(role, transactionalId));
    }

    /**
     * Creates a consumer of committed records without a group; the caller assigns partitions and seeks. A position
     * outside of the log is an error.
     *
     * @param role part of the client's id
     * @param fetchBytes as of {@link #consumer(String, GroupMember, int)}
     */
    public Consumer<byte[], byte[]> reader(String role, int fetchBytes) {
        Map<String, Object> config =
                consumerConfig(role, "", OffsetReset.NONE, fetchBytes, POLL_INTERVAL, SHORTEST_WAIT);
        config.keySet().removeAll(OF_MEMBERS);
        return new BoundedPolls(config, POLLED);
    }

    Map<String, Object> readerConfig(String role, OffsetReset reset) {
        Map<String, Object> config = consumerConfig(role, "", reset);
        config.keySet().removeAll(OF_MEMBERS);
        return config;
    }

    /** Finds out why Kafka cannot be reached. */
    public KafkaReach reach() {
        return reach;
    }

    /** Creates an admin client; {@code role} is part of its id. */
    public Admin admin(String role) {
        return Admin.create(adminConfig(role));
    }

    Map<String, Object> producerConfig(String role, Map<String, Object> sizes) {
        Map<String, Object> config = common();
        config.put(ProducerConfig.LINGER_MS_CONFIG, 2);
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        // the system's default: each write copies the whole rest of a request, and sends only the part that fits the
        // buffer
        config.put(ProducerConfig.SEND_BUFFER_CONFIG, -1);
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
        // after giving up on one record and sending the next, the producer would have changed their order
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK.toMillis());
        config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        return config;
    }

    /** Adds the headroom of dead letters. The operator's limit is for messages, and their dead letters must fit too. */
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
        // it also limits the begin and the end of a transaction, for which the coordinator must write
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TRANSACTION_TIMEOUT.toMillis());
        return config;
    }

    Map<String, Object> consumerConfig(String role, String groupId, OffsetReset reset) {
        return consumerConfig(role, groupId, reset, MOST_FETCHED, POLL_INTERVAL, SHORTEST_WAIT);
    }

    /**
     * How long a broker may wait for new records before it answers. Meanwhile the client asks this broker for no other
     * partition, such as one whose fetched records have just been handed over. Each answer costs the broker time in
     * proportion to the partitions.
     */
    private static Duration fetchWait(int partitions) {
        Duration wait = WAIT_PER_PARTITION.multipliedBy(partitions);
        Duration atLeast = wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait;
        return atLeast.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : atLeast;
    }

    private Map<String, Object> consumerConfig(
            String role, String groupId, OffsetReset reset, int fetchBytes, Duration pollInterval, Duration fetchWait) {
        int fetched = Math.max(LEAST_FETCHED, Math.min(MOST_FETCHED, fetchBytes));
        Map<String, Object> config = common();
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, fetched);
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, fetched / PARTITIONS_OF_ANSWER);
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) fetchWait.toMillis());
        // batches are uncompressed poll by poll, so a poll must be small at any compression ratio
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 50);
        // how long the partitions of a dead dispatcher stand still; Kafka's own 45 s are for slower consumers
        config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 15_000);
        // the partitions that move stand still until all members have learned of the rebalance by a heartbeat
        config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 300);
        config.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, (int) pollInterval.toMillis());
        operators(config, settings.consumer());

        forced(config, role);
        config.put(ConsumerConfig.GROUP_ID_CONFIG, groupId);
        // in the newer protocol, an empty group accepts a commit from a member that has lost its partitions
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
        // no JMX beans: they would clash when names repeat
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
