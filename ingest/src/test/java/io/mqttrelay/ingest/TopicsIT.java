package io.mqttrelay.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.embedded.EmbeddedMqtt;
import io.mqttrelay.testkit.guarantee.Sent;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import io.mqttrelay.testkit.kafka.TestTopics;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The apps' Kafka topics are created before the first message, and again after they were deleted. */
@ExtendWith(SharedBrokers.class)
class TopicsIT {
    private final EmbeddedKafka kafka;
    private final EmbeddedMqtt mqtt;
    private final String app = TestTopics.uniqueName("topics");
    private final String other = TestTopics.uniqueName("others");

    TopicsIT(EmbeddedKafka kafka, EmbeddedMqtt mqtt) {
        this.kafka = kafka;
        this.mqtt = mqtt;
    }

    @Test
    void topicsAreMadeAsConfigured() throws Exception {
        try (RunningIngest ingest = ingestOfTwoApps().awaitReady();
                Admin admin = admin()) {
            Map<String, TopicDescription> topics = admin.describeTopics(
                            List.of("relay." + app, "relay." + app + ".replay", "relay." + app + ".dead"))
                    .allTopicNames()
                    .get(10, TimeUnit.SECONDS);
            assertThat(topics).hasSize(3);
            assertThat(topics.get("relay." + app).partitions()).hasSize(3);
            assertThat(ingest.metric("relay_ingest_connected", "")).isEqualTo(2);
        }
    }

    @Test
    void aTopicThatWasDeletedIsMadeAgainAndTheOtherAppGoesOn() throws Exception {
        try (MqttPublisher publisher = new MqttPublisher(mqtt.port());
                RunningIngest ingest = ingestOfTwoApps().awaitReady();
                Admin admin = admin()) {
            publisher.send(app + "/1", 1);
            publisher.flush();
            new Stored(kafka.bootstrapServers(), app).await(1);
            admin.deleteTopics(List.of("relay." + app)).all().get(10, TimeUnit.SECONDS);

            List<Sent> afterwards = List.of(publisher.send(app + "/2", 1), publisher.send(app + "/2", 1));
            long before = System.nanoTime();
            Sent unaffected = publisher.send(other + "/1", 1);
            new Stored(kafka.bootstrapServers(), other).awaitAll(List.of(unaffected));
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));

            Awaitility.await()
                    .atMost(Duration.ofSeconds(40))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(admin.describeTopics(List.of("relay." + app))
                                    .allTopicNames()
                                    .get(5, TimeUnit.SECONDS))
                            .hasSize(1));
            new Stored(kafka.bootstrapServers(), app).awaitAll(afterwards);
            ingest.awaitReady();
        }
    }

    private RunningIngest ingestOfTwoApps() {
        return RunningIngest.start(RunningIngest.config(
                kafka.bootstrapServers(), mqtt.port(), app, app, app + "/#", root -> {
                    ArrayNode brokers = (ArrayNode) root.get("mqtt_brokers");
                    ObjectNode second = brokers.get(0).deepCopy();
                    second.put("client_id", other);
                    ObjectNode route = (ObjectNode) second.get("sub_deal_config");
                    route.put("app_id", other);
                    ((ObjectNode) route.get("subTopic")).put("topic", other + "/#");
                    brokers.add(second);
                }));
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }
}
