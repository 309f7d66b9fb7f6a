package io.mqttrelay.sink.mqtt;

import static io.mqttrelay.sink.mqtt.BrokerFixture.message;
import static io.mqttrelay.sink.mqtt.BrokerFixture.unavailable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.record.UserProperty;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.embedded.EmbeddedMqtt;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages at the embedded broker, HiveMQ CE. */
class MqttTargetIT {
    @TempDir
    private Path folder;

    @Test
    void everyPropertyOfMqtt5IsKept() throws Exception {
        try (EmbeddedMqtt broker = EmbeddedMqtt.launch();
                Subscriber5 subscriber = new Subscriber5(broker.port());
                BrokerFixture target = new BrokerFixture(folder, broker.port(), "")) {
            RelayMessage message = new RelayMessage(
                    "1",
                    "app",
                    "route",
                    1,
                    "plant/1",
                    1,
                    true,
                    "text/plain",
                    System.currentTimeMillis() + 99_500,
                    "reply/to",
                    new byte[] {7},
                    List.of(new UserProperty("a", "b"), new UserProperty("a", "c")),
                    new byte[] {0, 1, 2});

            assertThat(target.sink("out/%C3%A4", "").call(message, 1).execute())
                    .isInstanceOf(SinkResult.Accepted.class);

            Mqtt5Publish received = subscriber.await(1).get(0);
            assertThat(received.getTopic()).hasToString("out/ä");
            assertThat(received.getQos().getCode()).isEqualTo(1);
            assertThat(received.isRetain()).isFalse();
            assertThat(received.getContentType().map(Object::toString)).contains("text/plain");
            assertThat(received.getResponseTopic().map(Object::toString)).contains("reply/to");
            assertThat(received.getCorrelationData().orElseThrow().get(0)).isEqualTo((byte) 7);
            assertThat(received.getMessageExpiryInterval().orElseThrow()).isBetween(90L, 100L);
            assertThat(received.getUserProperties().asList())
                    .extracting(each -> each.getName() + "=" + each.getValue())
                    .containsExactly("a=b", "a=c", "relay-hop=cluster/relay");
            assertThat(received.getPayloadAsBytes()).containsExactly(0, 1, 2);
        }
    }

    @Test
    void theFormatMakesThePayload() throws Exception {
        try (EmbeddedMqtt broker = EmbeddedMqtt.launch();
                Subscriber5 subscriber = new Subscriber5(broker.port());
                BrokerFixture target = new BrokerFixture(folder, broker.port(), "")) {
            var unused = target.sink("out", ", \"message_format\": \"envelope\", \"batch\": {}")
                    .call(List.of(message("1", "a"), message("2", "a")), 1)
                    .execute();

            Mqtt5Publish received = subscriber.await(2).get(0);
            assertThat(new String(received.getPayloadAsBytes(), StandardCharsets.UTF_8))
                    .startsWith("{\"header\":{\"id\":\"1\"");
            assertThat(received.getContentType().map(Object::toString)).contains("application/json");
        }
    }

    @Test
    void aTemplateMakesTopicAndRetain() throws Exception {
        try (EmbeddedMqtt broker = EmbeddedMqtt.launch();
                BrokerFixture target = new BrokerFixture(folder, broker.port(), "")) {
            Sink sink =
                    target.sink("unused", ", \"template\": {\"topic\": \"'out/' & topic\", \"retain\": \"qos = 1\"}");

            assertThat(sink.call(message("1", "a"), 1).execute()).isInstanceOf(SinkResult.Accepted.class);
            SinkResult refused = sink.call(message("2", "a/#"), 1).execute();

            assertThat(((SinkResult.Refused) refused).error()).isEqualTo("the MQTT topic has a wildcard, + or #");
            try (Subscriber5 subscriber = new Subscriber5(broker.port())) {
                Mqtt5Publish retained = subscriber.await(1).get(0);
                assertThat(retained.getTopic()).hasToString("out/a");
                assertThat(retained.isRetain()).isTrue();
            }
        }
    }

    @Test
    void aRestartedBrokerIsConnectedToAgain() throws Exception {
        try (EmbeddedMqtt broker = EmbeddedMqtt.launch();
                BrokerFixture target = new BrokerFixture(folder, broker.port(), "")) {
            Sink sink = target.sink("out", "");
            assertThat(sink.call(message("1", "a"), 1).execute()).isInstanceOf(SinkResult.Accepted.class);

            broker.stop();
            for (int attempt = 1; attempt <= 3; attempt++) {
                long began = System.nanoTime();
                SinkResult result = sink.call(message("2", "a"), attempt).execute();
                assertThat(unavailable(result).cause()).isEqualTo(SinkResult.Cause.ADDRESS);
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
            }

            broker.start();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> sink.call(message("3", "a"), 1).execute() instanceof SinkResult.Accepted);
        }
    }

    @Test
    void aDeniedAddressIsNotDialled() throws Exception {
        try (EmbeddedMqtt broker = EmbeddedMqtt.launch();
                BrokerFixture target = new BrokerFixture(folder, broker.port(), "", "{\"deny\": [\"127.0.0.0/8\"]}")) {
            SinkResult.Unavailable result = unavailable(
                    target.sink("out", "").call(message("1", "a"), 1).execute());

            assertThat(result.cause()).isEqualTo(SinkResult.Cause.ADDRESS);
            assertThat(result.error()).contains("egress policy");
        }
    }

    @Test
    void closingLeavesNoThread() throws Exception {
        try (EmbeddedMqtt broker = EmbeddedMqtt.launch()) {
            BrokerFixture target = new BrokerFixture(folder, broker.port(), "");
            assertThat(target.sink("out", "").call(message("1", "a"), 1).execute())
                    .isInstanceOf(SinkResult.Accepted.class);
            assertThat(threads()).isNotEmpty();

            target.close();

            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(threads()).isEmpty());
        }
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("sink-mqtt"))
                .toList();
    }
}
