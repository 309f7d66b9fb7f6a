package io.mqttrelay.common.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.embedded.EmbeddedKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KafkaTopicsIT {
    private static final TopicPlan PLAN = new TopicPlan(3, null, Duration.ofDays(7), Duration.ofDays(30));
    private static final TopicNames NAMES = new TopicNames("relay");

    private static EmbeddedKafka kafka;
    private static Admin admin;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.launch();
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    @AfterAll
    static void stop() {
        admin.close(Duration.ofSeconds(5));
        kafka.close();
    }

    @Test
    void missingTopicsAreCreatedAsConfigured() throws Exception {
        TopicsResult.Ready ready = ensure("fresh");

        assertThat(ready.created()).containsExactlyInAnyOrder("relay.fresh", "relay.fresh.replay", "relay.fresh.dead");
        assertThat(partitions("relay.fresh")).isEqualTo(3);
        assertThat(partitions("relay.fresh.dead")).isEqualTo(3);
        assertThat(setting("relay.fresh", "cleanup.policy")).isEqualTo("delete");
        assertThat(setting("relay.fresh", "retention.ms")).isEqualTo("604800000");
        assertThat(setting("relay.fresh.replay", "cleanup.policy")).isEqualTo("delete");
        assertThat(setting("relay.fresh.dead", "cleanup.policy")).isEqualTo("compact,delete");
        assertThat(setting("relay.fresh.dead", "retention.ms")).isEqualTo("2592000000");
        long limit = Long.parseLong(setting("relay.fresh", "max.message.bytes"));
        assertThat(setting("relay.fresh.dead", "max.message.bytes")).isEqualTo(Long.toString(limit + 65536));
    }

    @Test
    void aSecondTimeNothingIsCreated() throws Exception {
        ensure("twice");

        assertThat(ensure("twice").created()).isEmpty();
    }

    @Test
    void severalProcessesMayCreateThemAtOnce() throws Exception {
        List<CompletableFuture<TopicsResult>> processes =
                List.of(inAnother("race"), inAnother("race"), inAnother("race"));

        for (CompletableFuture<TopicsResult> each : processes) {
            assertThat(each.get(40, TimeUnit.SECONDS)).isInstanceOf(TopicsResult.Ready.class);
        }
        assertThat(partitions("relay.race.dead")).isEqualTo(3);
    }

    @Test
    void aTopicThatWasDeletedIsCreatedAgain() throws Exception {
        ensure("deleted");
        admin.deleteTopics(List.of("relay.deleted.dead")).all().get(20, TimeUnit.SECONDS);

        assertThat(ensure("deleted").created()).containsExactly("relay.deleted.dead");
    }

    @Test
    void keepsAnExistingTopicAndMakesLargerDeadAndReplayTopics() throws Exception {
        create("relay.wide", Map.of("max.message.bytes", "5000000"));

        TopicsResult.Ready ready = ensure("wide");

        assertThat(ready.created()).containsExactlyInAnyOrder("relay.wide.replay", "relay.wide.dead");
        assertThat(partitions("relay.wide")).isEqualTo(1);
        assertThat(setting("relay.wide.dead", "max.message.bytes")).isEqualTo("5065536");
        assertThat(setting("relay.wide.replay", "max.message.bytes")).isEqualTo("5065536");
    }

    @Test
    void aCompactedTopicOfMessagesIsFatal() throws Exception {
        create("relay.compacted", Map.of("cleanup.policy", "compact"));

        assertThat(ensure("compacted").findings())
                .filteredOn(TopicFinding::fatal)
                .singleElement()
                .asString()
                .isEqualTo("topic relay.compacted: is compacted, so that Kafka would delete messages before they are"
                        + " delivered: set cleanup.policy=delete");
    }

    @Test
    void aDeadLetterTopicThatIsTooSmallIsReported() throws Exception {
        create("relay.tight.dead", Map.of("max.message.bytes", "1048588", "cleanup.policy", "compact"));

        assertThat(ensure("tight").findings())
                .filteredOn(finding -> finding.text().contains("max.message.bytes"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.fatal()).isFalse();
                    assertThat(finding.topics()).containsExactly("relay.tight.dead");
                    assertThat(finding.text()).contains("1114124");
                });
    }

    @Test
    void moreCopiesThanBrokersIsExplainedInWords() throws Exception {
        TopicPlan greedy = new TopicPlan(3, (short) 3, Duration.ofDays(7), Duration.ofDays(30));

        TopicsResult result = new KafkaTopics(admin, greedy, NAMES).ensure(List.of("greedy"));

        assertThat(result)
                .isInstanceOfSatisfying(
                        TopicsResult.Unavailable.class,
                        unavailable -> assertThat(unavailable.error())
                                .startsWith("kafka.replication_factor is more than the brokers that are up"));
    }

    @Test
    void aSilentKafkaIsAResultWithinTheWait() throws Exception {
        Admin nowhere = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:1"));
        try {
            KafkaTopics topics = new KafkaTopics(nowhere, PLAN, NAMES, System::nanoTime, Duration.ofSeconds(1));

            assertThat(topics.ensure(List.of("any"))).isEqualTo(new TopicsResult.Unavailable(TopicErrors.NO_ANSWER));
        } finally {
            nowhere.close(Duration.ZERO);
        }
    }

    private static TopicsResult.Ready ensure(String appId) throws Exception {
        return (TopicsResult.Ready) new KafkaTopics(admin, PLAN, NAMES).ensure(List.of(appId));
    }

    private static CompletableFuture<TopicsResult> inAnother(String appId) {
        return CompletableFuture.supplyAsync(() -> {
            try (Admin own = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
                return new KafkaTopics(own, PLAN, NAMES).ensure(List.of(appId));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void create(String topic, Map<String, String> config) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty()).configs(config)))
                .all()
                .get(20, TimeUnit.SECONDS);
    }

    private static int partitions(String topic) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get(20, TimeUnit.SECONDS)
                .get(topic)
                .partitions()
                .size();
    }

    private static String setting(String topic, String key) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config = admin.describeConfigs(List.of(resource))
                .all()
                .get(20, TimeUnit.SECONDS)
                .get(resource);
        return config.get(key).value();
    }
}
