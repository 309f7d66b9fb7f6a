package io.mqttrelay.deploy;

import static org.awaitility.Awaitility.await;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.embedded.EmbeddedMqtt;
import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.http.CallbackServer;
import io.mqttrelay.testkit.kafka.TestTopics;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A relay that has delivered, retried and given up, and whose meters show it. */
final class BusyRelay implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MESSAGES = 20;

    private final CallbackServer callback = CallbackServer.start();
    private final WholeRelay relay;

    BusyRelay(Path folder, EmbeddedKafka kafka, EmbeddedMqtt mqtt) throws IOException {
        callback.on("/fails", Answer.inTurn(Answer.status(503), Answer.status(400)));
        relay = WholeRelay.start(folder, configuration(kafka, mqtt));
        try (MqttPublisher publisher = new MqttPublisher(mqtt.port())) {
            for (int i = 0; i < MESSAGES; i++) {
                publisher.send("busy/" + i, i % 3);
            }
            publisher.flush();
        }
        callback.await("/takes", MESSAGES - 1, PATIENCE);
        await("dead letters are counted")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> relay.dispatchMetrics().contains("\nrelay_dispatch_dead_letters{")
                        && relay.dispatchMetrics().contains("\nkafka_producer_record_send_total{"));
    }

    private String configuration(EmbeddedKafka kafka, EmbeddedMqtt mqtt) {
        String name = TestTopics.uniqueName("busy");
        return """
                {"mqtt_brokers": [{"client_id": "%s", "broker_ip": "127.0.0.1", "broker_port": %d, "sub_deal_config": [
                   {"app_id": "takes", "callbackAddress": "%s", "subTopic": {"topic": "busy/#", "qos": 1},
                    "excludeTopics": ["busy/1"]},
                   {"app_id": "fails", "callbackAddress": "%s", "subTopic": {"topic": "busy/1", "qos": 1},
                    "retry_backoff": {"initial": "100ms"}}]}],
                 "kafka": {"bootstrap_servers": "%s", "topic_prefix": "%1$s", "partitions": 1},
                 "dispatch": {"group_id": "%1$s"},
                 "admin": {"ingest_port": 0, "dispatch_port": 0}}
                """.formatted(
                        name, mqtt.port(), callback.url("/takes"), callback.url("/fails"), kafka.bootstrapServers());
    }

    Exposition ingest() {
        return Exposition.parse(relay.ingestMetrics());
    }

    Exposition dispatch() {
        return Exposition.parse(relay.dispatchMetrics());
    }

    @Override
    public void close() {
        relay.close();
        callback.close();
    }
}
