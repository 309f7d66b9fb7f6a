package io.mqttrelay.sink.kafka;

import static io.mqttrelay.sink.kafka.TargetFixture.message;
import static io.mqttrelay.sink.kafka.TargetFixture.unavailable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkCall;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.embedded.LoopbackPorts;
import io.mqttrelay.testkit.kafka.KafkaRecords;
import io.mqttrelay.testkit.kafka.TestTopics;
import io.mqttrelay.testkit.net.TcpProxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A target cluster that stops, comes back, or is slow. */
class KafkaTargetAwayIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private static List<String> values(EmbeddedKafka kafka, String topic) {
        return new KafkaRecords(kafka.bootstrapServers())
                .all(topic).stream()
                        .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                        .toList();
    }

    @Test
    void aClusterThatStopsSpeaksOfTheAddress() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.launch();
                TargetFixture target =
                        new TargetFixture(folder, "{\"bootstrap_servers\": \"" + kafka.bootstrapServers() + "\"}")) {
            TestTopics.create(kafka.bootstrapServers(), "target", 1, Map.of());
            Sink sink = target.sink("target", ", \"timeout\": \"1s\"");
            assertThat(sink.call(message("1", "a"), 1).execute()).isInstanceOf(SinkResult.Accepted.class);

            kafka.stop();
            RelayMessage second = message("2", "a");
            for (int attempt = 1; attempt <= 3; attempt++) {
                assertThat(unavailable(sink.call(second, attempt).execute()).cause())
                        .isEqualTo(SinkResult.Cause.ADDRESS);
            }

            kafka.start();
            await().atMost(PATIENCE).until(() -> sink.call(second, 4).execute() instanceof SinkResult.Accepted);
            assertThat(values(kafka, "target")).containsExactly("1", "2");
        }
    }

    @Test
    void aClusterThatWasNeverThereSpeaksOfTheAddress() throws Exception {
        try (TargetFixture target =
                new TargetFixture(folder, "{\"bootstrap_servers\": \"127.0.0.1:" + LoopbackPorts.free() + "\"}")) {
            Sink sink = target.sink("target", ", \"timeout\": \"500ms\"");

            long began = System.nanoTime();
            SinkResult result = sink.call(message("1", "a"), 1).execute();

            assertThat(unavailable(result).cause()).isEqualTo(SinkResult.Cause.ADDRESS);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void aSlowAnswerIsForTheNextAttemptAndCanBeCancelled() throws Exception {
        int port = LoopbackPorts.free();
        try (TcpProxy proxy = TcpProxy.on(LoopbackPorts.free(), port);
                EmbeddedKafka kafka = EmbeddedKafka.builder()
                        .port(port)
                        .advertised("127.0.0.1:" + proxy.port())
                        .launch();
                TargetFixture target =
                        new TargetFixture(folder, "{\"bootstrap_servers\": \"127.0.0.1:" + proxy.port() + "\"}")) {
            TestTopics.create(kafka.bootstrapServers(), "target", 1, Map.of());
            Sink sink = target.sink("target", ", \"timeout\": \"1s\"");
            assertThat(sink.call(message("1", "a"), 1).execute()).isInstanceOf(SinkResult.Accepted.class);

            proxy.hold(TcpProxy.Direction.TO_CLIENT);
            RelayMessage second = message("2", "a");
            SinkResult.Unavailable slow = unavailable(sink.call(second, 1).execute());
            assertThat(slow.error()).startsWith("timed out after 1000 ms");
            SinkCall cancelled = target.sink("target", ", \"timeout\": \"10m\"").call(message("3", "b"), 1);
            Thread running = new Thread(cancelled::execute);
            running.start();
            cancelled.cancel();
            running.join(PATIENCE.toMillis());
            assertThat(running.isAlive()).isFalse();
            proxy.pass();

            await().atMost(PATIENCE).until(() -> sink.call(second, 2).execute() instanceof SinkResult.Accepted);
            assertThat(values(kafka, "target").stream().filter(value -> !value.equals("3")))
                    .containsExactly("1", "2");
        }
    }

    @Test
    void retriesKeepTheOrderOfALaneOverRestarts() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.launch();
                TargetFixture target =
                        new TargetFixture(folder, "{\"bootstrap_servers\": \"" + kafka.bootstrapServers() + "\"}")) {
            TestTopics.create(kafka.bootstrapServers(), "target", 1, Map.of());
            Sink sink = target.sink("target", ", \"timeout\": \"1s\", \"batch\": {\"max_messages\": 10}");
            List<String> expected = new ArrayList<>();
            for (int batch = 0; batch < 20; batch++) {
                List<RelayMessage> messages = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    String id = batch + "-" + i;
                    expected.add(id);
                    messages.add(message(id, "lane"));
                }
                if (batch == 10) {
                    kafka.stop();
                    var unused = sink.call(messages, 1).execute();
                    kafka.start();
                }
                await().atMost(PATIENCE).until(() -> sink.call(messages, 1).execute() instanceof SinkResult.Accepted);
            }

            assertThat(values(kafka, "target").stream().distinct()).containsExactlyElementsOf(expected);
        }
    }
}
