package io.mqttrelay.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.embedded.EmbeddedMqtt;
import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.http.CallbackServer;
import io.mqttrelay.testkit.http.ReceivedRequest;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The trace of an MQTT 5 message goes through Kafka to the callback. */
@ExtendWith(SharedBrokers.class)
class TraceIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final String STATE = "congo=t61rcWkgMzE";

    @TempDir
    private Path folder;

    @Test
    void eachAttemptCarriesThePublishersTrace(EmbeddedKafka kafka, EmbeddedMqtt mqtt) throws Exception {
        try (CallbackServer callback = CallbackServer.start()) {
            callback.on("/raw", Answer.inTurn(Answer.status(503), Answer.status(200)));
            callback.on("/refuses", Answer.inTurn(Answer.status(400), Answer.status(200)));
            try (WholeRelay relay = WholeRelay.start(folder, configuration(kafka, mqtt, callback));
                    MqttPublisher publisher = new MqttPublisher(mqtt.port())) {
                publisher.send(traced());
                publisher.flush();

                List<ReceivedRequest> attempts = callback.await("/raw", 2, PATIENCE);
                assertThat(attempts).allSatisfy(TraceIT::carriesTheTrace);
                assertThat(attempts.get(1).header("relay-attempt")).isEqualTo("2");
                assertThat(callback.await("/events", 1, PATIENCE)).allSatisfy(TraceIT::carriesTheTrace);
                ReceivedRequest batch = callback.await("/batch", 1, PATIENCE).get(0);
                assertThat(batch.header("traceparent")).isNull();
                assertThat(batch.bodyText()).contains("{\"name\":\"traceparent\",\"value\":\"" + PARENT + "\"}");
                callback.await("/refuses", 1, PATIENCE);
                replayOf("refuses");
                assertThat(callback.await("/refuses", 2, PATIENCE)).allSatisfy(TraceIT::carriesTheTrace);
                assertThat(relay.dispatchMetrics()).doesNotContain("0af7651916cd43dd8448eb211c80319c");
            }
        }
    }

    /** Once the dead letter is there. */
    private void replayOf(String appId) {
        await("a replay").atMost(PATIENCE).pollDelay(Duration.ZERO).until(() -> {
            try (RelayProcess replay =
                    RelayProcess.start(folder, "replay", "--config", "relay.json", "--app-id", appId)) {
                assertThat(replay.awaitExit(PATIENCE)).as(replay::toString).isZero();
                return replay.out().contains("sent 1 deliver");
            }
        });
    }

    private static void carriesTheTrace(ReceivedRequest request) {
        assertThat(request.headers().get("traceparent")).containsExactly(PARENT);
        assertThat(request.headers().get("tracestate")).containsExactly(STATE);
    }

    private static Mqtt5Publish traced() {
        return Mqtt5Publish.builder()
                .topic("traced/1")
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload("x".getBytes(StandardCharsets.UTF_8))
                .userProperties()
                .add("traceparent", PARENT)
                .add("tracestate", STATE)
                .applyUserProperties()
                .build();
    }

    private static String configuration(EmbeddedKafka kafka, EmbeddedMqtt mqtt, CallbackServer callback) {
        return """
                {"mqtt_brokers": [{"client_id": "trace", "broker_ip": "127.0.0.1", "broker_port": %d, "sub_deal_config": [
                   {"app_id": "raw", "callbackAddress": "%s", "subTopic": {"topic": "traced/#", "qos": 1},
                    "retry_backoff": {"initial": "100ms"}},
                   {"app_id": "events", "callbackAddress": "%s", "subTopic": {"topic": "traced/#", "qos": 1},
                    "message_format": "cloudevents"},
                   {"app_id": "refuses", "callbackAddress": "%s", "subTopic": {"topic": "traced/#", "qos": 1}},
                   {"app_id": "batch", "callbackAddress": "%s", "subTopic": {"topic": "traced/#", "qos": 1},
                    "batch": {"max_messages": 10}}]}],
                 "kafka": {"bootstrap_servers": "%s", "topic_prefix": "trace", "partitions": 1},
                 "dispatch": {"group_id": "trace"},
                 "admin": {"ingest_port": 0, "dispatch_port": 0}}
                """.formatted(
                        mqtt.port(),
                        callback.url("/raw"),
                        callback.url("/events"),
                        callback.url("/refuses"),
                        callback.url("/batch"),
                        kafka.bootstrapServers());
    }
}
