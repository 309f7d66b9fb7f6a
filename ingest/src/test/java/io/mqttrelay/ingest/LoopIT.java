package io.mqttrelay.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishBuilder;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.embedded.EmbeddedMqtt;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import io.mqttrelay.testkit.kafka.TestTopics;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A message that a relay has published and that comes back is dropped and counted. */
@ExtendWith(SharedBrokers.class)
class LoopIT {
    private final EmbeddedKafka kafka;
    private final EmbeddedMqtt mqtt;
    private final String app = TestTopics.uniqueName("loop");
    private final Stored stored;
    private RunningIngest ingest;
    private MqttPublisher publisher;

    LoopIT(EmbeddedKafka kafka, EmbeddedMqtt mqtt) {
        this.kafka = kafka;
        this.mqtt = mqtt;
        this.stored = new Stored(kafka.bootstrapServers(), app);
    }

    @BeforeEach
    void start() {
        ingest = RunningIngest.start(
                        RunningIngest.config(kafka.bootstrapServers(), mqtt.port(), app, app, app + "/#", root -> {}))
                .awaitReady();
        publisher = new MqttPublisher(mqtt.port());
    }

    @AfterEach
    void stop() {
        publisher.close();
        ingest.close();
    }

    @Test
    void itsOwnMarkIsDroppedAndOthersAreStored() throws Exception {
        publish("own", hop("relay"));
        publish("nine", "a/1", "a/2", "a/3", "a/4", "a/5", "a/6", "a/7", "a/8", "a/9");
        publish("other", hop("other-prefix"), "a/2", "a/3", "a/4", "a/5", "a/6", "a/7", "a/8");
        publisher.flush();

        assertThat(stored.messages(1))
                .extracting(message -> text(message.payload()))
                .containsExactly("other");
        ingest.awaitMetric("relay_ingest_dropped_total{app_id=\"" + app, "reason=\"loop\"", 2);
    }

    private void publish(String payload, String... hops) {
        Mqtt5PublishBuilder.Complete publish = Mqtt5Publish.builder()
                .topic(app + "/a")
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(payload.getBytes(StandardCharsets.UTF_8));
        for (String hop : hops) {
            publish = publish.userProperties().add("relay-hop", hop).applyUserProperties();
        }
        publisher.send(publish.build());
    }

    private String hop(String prefix) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            return admin.describeCluster().clusterId().get(20, TimeUnit.SECONDS) + "/" + prefix;
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
