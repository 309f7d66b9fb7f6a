package io.mqttrelay.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.topic.DeadLetterLimit;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaClientsTest {
    @ParameterizedTest
    @CsvSource({
        "acks, 0, all",
        "enable.idempotence, false, true",
        "retries, 0, 2147483647",
        "max.in.flight.requests.per.connection, 100, 5",
        "delivery.timeout.ms, 3000, 2147483647",
        "max.block.ms, 60000, 1000",
        "client.id, mine, relay-ingest-writer",
        "bootstrap.servers, elsewhere:1, here:9092",
        "transactional.id, tx, "
    })
    void producerDurabilityCannotBeOverridden(String key, String asked, String used) {
        KafkaClients clients = clients(Map.of(key, asked), Map.of(key, asked), Map.of());

        assertThat(text(clients.producerConfig("writer", Map.of()))).isEqualTo(with(key, used, clients));
    }

    @ParameterizedTest
    @CsvSource({
        "enable.auto.commit, true, false",
        "auto.offset.reset, latest, none",
        "isolation.level, read_uncommitted, read_committed",
        "group.id, theirs, relay-dispatch",
        "group.protocol, consumer, classic",
        "allow.auto.create.topics, true, false",
        "partition.assignment.strategy, org.apache.kafka.clients.consumer.RangeAssignor,"
                + " org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
    })
    void consumerDurabilityCannotBeOverridden(String key, String asked, String used) {
        KafkaClients clients = clients(Map.of(key, asked), Map.of(), Map.of(key, asked));

        assertThat(clients.consumerConfig("poll", "relay-dispatch", OffsetReset.NONE))
                .hasEntrySatisfying(key, value -> assertThat(value).hasToString(used));
    }

    @Test
    void aMessageLimitLeavesHeadroomForDeadLetters() {
        KafkaClients clients = clients(Map.of(), Map.of("max.request.size", "1000000"), Map.of());

        assertThat(clients.producerConfig("writer", Map.of("max.request.size", 16_000_000)))
                .containsEntry("max.request.size", "1000000");
        assertThat(clients.producerConfig("dead-letters", Map.of()))
                .containsEntry("max.request.size", 1_000_000 + DeadLetterLimit.HEADROOM);
        assertThat(clients.transactionalConfig("replay", "tx"))
                .containsEntry("max.request.size", 1_000_000 + DeadLetterLimit.HEADROOM);
    }

    @Test
    void theProducerOfMessagesNeverMakesItsThreadWait() {
        KafkaClients clients = clients(Map.of("max.block.ms", "60000"), Map.of("batch.size", "2000"), Map.of());

        assertThat(clients.messageProducerConfig("writer", 1 << 20))
                .containsEntry("max.block.ms", 0L)
                .containsEntry("delivery.timeout.ms", Integer.MAX_VALUE);
        assertThat(clients.messageBatchSize()).isEqualTo(2000);
        assertThat(clients(Map.of(), Map.of(), Map.of()).messageBatchSize()).isEqualTo(64 * 1024);
    }

    @Test
    void aTransactionalProducerIsDurableAndWaitsItsTimeout() {
        KafkaClients clients = clients(Map.of("acks", "0", "transactional.id", "theirs"), Map.of(), Map.of());

        assertThat(clients.transactionalConfig("replay", "relay.a.replay"))
                .containsEntry("transactional.id", "relay.a.replay")
                .containsEntry("transaction.timeout.ms", 30_000)
                .containsEntry("max.block.ms", 30_000L)
                .containsEntry("acks", "all");
    }

    @Test
    void operatorSettingsOverrideDefaultsMostSpecificLast() {
        KafkaClients clients = clients(
                Map.of("linger.ms", "7", "fetch.max.bytes", "1000"),
                Map.of("linger.ms", "9"),
                Map.of("fetch.max.bytes", "2000"));

        assertThat(clients.producerConfig("writer", Map.of())).containsEntry("linger.ms", "9");
        assertThat(clients.consumerConfig("poll", "g", OffsetReset.EARLIEST))
                .containsEntry("fetch.max.bytes", "2000")
                .containsEntry("auto.offset.reset", "earliest");
        assertThat(clients.adminConfig("topics")).containsEntry("linger.ms", "7");
    }

    @Test
    void theSendBufferIsTheSystemsUnlessConfigured() {
        assertThat(clients(Map.of(), Map.of(), Map.of()).messageProducerConfig("writer", 0))
                .containsEntry("send.buffer.bytes", -1);
        assertThat(clients(Map.of(), Map.of("send.buffer.bytes", "65536"), Map.of())
                        .messageProducerConfig("writer", 0))
                .containsEntry("send.buffer.bytes", "65536");
    }

    private static final KafkaClients.GroupMember MEMBER = new KafkaClients.GroupMember(
            "g", CooperativeStickyAssignor.class, Map.of("ours", "x"), Duration.ofSeconds(75), 1);

    @Test
    void aMemberHasItsAssignorAndItsPollInterval() {
        assertThat(clients(Map.of(), Map.of(), Map.of()).memberConfig("poll", MEMBER, 1))
                .containsEntry("group.id", "g")
                .containsEntry("partition.assignment.strategy", List.of(CooperativeStickyAssignor.class))
                .containsEntry("ours", "x")
                .containsEntry("max.poll.interval.ms", 75_000);
        assertThat(clients(Map.of(), Map.of(), Map.of("max.poll.interval.ms", "6000"))
                        .memberConfig("poll", MEMBER, 1))
                .containsEntry("max.poll.interval.ms", "6000");
    }

    @ParameterizedTest
    @CsvSource({"1048576, 1048576, 131072", "1, 131072, 16384", "100000000, 8388608, 1048576"})
    void severalPartitionsShareAnAnswer(int asked, int answer, int partition) {
        assertThat(clients(Map.of(), Map.of(), Map.of()).memberConfig("poll", MEMBER, asked))
                .containsEntry("fetch.max.bytes", answer)
                .containsEntry("max.partition.fetch.bytes", partition);
        assertThat(clients(Map.of(), Map.of(), Map.of("max.partition.fetch.bytes", "7"))
                        .memberConfig("poll", MEMBER, asked))
                .containsEntry("max.partition.fetch.bytes", "7");
    }

    @ParameterizedTest
    @CsvSource({"0, 50", "1000, 50", "4000, 200", "10000, 500", "1000000, 500"})
    void aFetchWaitsInProportionToThePartitions(int partitions, int millis) {
        KafkaClients.GroupMember member = new KafkaClients.GroupMember(
                "g", CooperativeStickyAssignor.class, Map.of(), Duration.ofSeconds(75), partitions);
        assertThat(clients(Map.of(), Map.of(), Map.of()).memberConfig("poll", member, 1))
                .containsEntry("fetch.max.wait.ms", millis);
        assertThat(clients(Map.of(), Map.of(), Map.of("fetch.max.wait.ms", "7")).memberConfig("poll", member, 1))
                .containsEntry("fetch.max.wait.ms", "7");
    }

    @Test
    void theSessionIsOursUnlessTheOperatorSaysAnother() {
        assertThat(clients(Map.of(), Map.of(), Map.of()).sessionTimeout()).isEqualTo(Duration.ofSeconds(15));
        assertThat(clients(Map.of(), Map.of(), Map.of("session.timeout.ms", "6000"))
                        .sessionTimeout())
                .isEqualTo(Duration.ofSeconds(6));
    }

    @Test
    void aReaderHasNoGroupInSpiteOfMemberSettings() {
        KafkaClients clients = clients(
                Map.of(),
                Map.of(),
                Map.of("group.instance.id", "one", "session.timeout.ms", "9000", "fetch.max.bytes", "7"));

        assertThat(clients.readerConfig("catch-up", OffsetReset.NONE))
                .doesNotContainKeys(
                        "group.id",
                        "group.instance.id",
                        "group.protocol",
                        "session.timeout.ms",
                        "heartbeat.interval.ms",
                        "partition.assignment.strategy")
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("auto.offset.reset", "none")
                .containsEntry("fetch.max.bytes", "7");
    }

    @Test
    void secretsReachTheClientInClearText() {
        KafkaClients clients = clients(Map.of("sasl.jaas.config", "s3cret"), Map.of(), Map.of());

        assertThat(clients.adminConfig("topics")).containsEntry("sasl.jaas.config", "s3cret");
    }

    private static Map<String, String> with(String key, String value, KafkaClients clients) {
        Map<String, String> config = text(clients.producerConfig("writer", Map.of()));
        if (value == null) {
            config.remove(key);
        } else {
            config.put(key, value);
        }
        return config;
    }

    private static Map<String, String> text(Map<String, Object> config) {
        Map<String, String> text = new HashMap<>();
        config.forEach((key, value) -> text.put(key, value.toString()));
        return text;
    }

    private static KafkaClients clients(
            Map<String, String> common, Map<String, String> producer, Map<String, String> consumer) {
        return new KafkaClients(
                new KafkaSettings(
                        "here:9092",
                        "relay",
                        12,
                        null,
                        Duration.ofDays(7),
                        Duration.ofDays(30),
                        secrets(common),
                        secrets(producer),
                        secrets(consumer)),
                "ingest");
    }

    private static Map<String, Secret> secrets(Map<String, String> clear) {
        Map<String, Secret> secrets = new HashMap<>();
        clear.forEach((key, value) -> secrets.put(key, new Secret(value)));
        return secrets;
    }
}
