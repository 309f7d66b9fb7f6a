package io.mqttrelay.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.embedded.LoopbackPorts;
import io.mqttrelay.testkit.guarantee.Sent;
import io.mqttrelay.testkit.http.CallbackServer;
import io.mqttrelay.testkit.http.ReceivedRequest;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees who types {@code relay quickstart}. */
class QuickstartIT {
    private static final Duration START = Duration.ofSeconds(90); // a bound for busy machines; the figure is printed
    private static final Duration END = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    @Test
    void printsWhatRunsWhereAndDeliversDemoAndOwnMessages() throws Exception {
        long before = System.nanoTime();
        try (RelayProcess quickstart = RelayProcess.start(folder, "quickstart")) {
            awaitLine(quickstart, "\\(the first, ");
            System.out.println("quickstart: first message delivered "
                    + Duration.ofNanos(System.nanoTime() - before).toMillis() + " ms after the command");

            Sent own = publish(quickstart);
            awaitLine(quickstart, "/api/test +" + own.topic() + " .*" + own.id());
            assertThat(quickstart.out())
                    .contains("embedded", "/health/ready", "/metrics", "mosquitto_pub -h 127.0.0.1 -p ")
                    .doesNotContain("from/v1/aaa/");
            String configuration = find(quickstart, "configuration +(\\S+)");
            Distribution.Result listed = Distribution.run(
                    folder, Distribution.launcher(), List.of("dead-letters", "--config", configuration));
            assertThat(listed.exitCode()).as(listed::toString).isZero();
            assertThat(listed.out()).isEqualTo("no dead letters\n");
            Path data = Path.of(find(quickstart, "data +(\\S+)"));
            assertThat(data).isDirectory();

            quickstart.terminate();
            assertThat(quickstart.awaitExit(END)).as(quickstart::toString).isZero();
            assertThat(Files.exists(data)).isFalse();
            assertThat(quickstart.err()).doesNotContain("\tat ");
        }
    }

    @Test
    void aGivenFolderIsKeptAndOpenedAgain() {
        Path data = folder.resolve("data");
        for (int i = 0; i < 2; i++) {
            try (RelayProcess quickstart = RelayProcess.start(folder, "quickstart", "--data", data.toString())) {
                awaitLine(quickstart, "\\(the first, ");
                quickstart.terminate();
                assertThat(quickstart.awaitExit(END)).as(quickstart::toString).isZero();
            }
            assertThat(data.resolve("relay.json")).isRegularFile();
            assertThat(data.resolve("kafka/meta.properties")).isRegularFile();
        }
    }

    @Test
    void aConfigurationGetsOnlyWhatItDoesNotPointAt() throws IOException {
        int mqttPort = LoopbackPorts.free();
        try (CallbackServer callback = CallbackServer.start()) {
            Path file = Files.writeString(folder.resolve("own.json"), """
                    {"mqtt_brokers": [{"client_id": "c", "broker_ip": "127.0.0.1", "broker_port": %d,
                      "sub_deal_config": {"app_id": "own", "callbackAddress": "%s",
                                          "subTopic": {"topic": "plant/+/state", "qos": 1}}}],
                     "admin": {"ingest_port": 0, "dispatch_port": 0}}
                    """.formatted(mqttPort, callback.url("/mine")));
            try (RelayProcess quickstart = RelayProcess.start(folder, "quickstart", "--config", file.toString())) {
                ReceivedRequest first = callback.await("/mine", 1, START).get(0);
                assertThat(first.topic()).isEqualTo("plant/demo/state");
                assertThat(quickstart.out())
                        .containsPattern("MQTT broker +127.0.0.1:" + mqttPort + " +embedded")
                        .containsPattern("callback +" + Pattern.quote(callback.url("/mine")) + " +yours");
                quickstart.terminate();
                assertThat(quickstart.awaitExit(END)).as(quickstart::toString).isZero();
            }
        }
    }

    @Test
    void aPortThatIsTakenIsSaidInOneLine() throws IOException {
        try (CallbackServer taken = CallbackServer.start()) {
            Path file = Files.writeString(
                    folder.resolve("own.json"), """
                    {"mqtt_brokers": [{"client_id": "c", "broker_ip": "127.0.0.1", "broker_port": %d,
                      "sub_deal_config": {"app_id": "own", "callbackAddress": "%s",
                                          "subTopic": {"topic": "t/#", "qos": 1}}}],
                     "admin": {"ingest_port": %d, "dispatch_port": 0}}
                    """.formatted(LoopbackPorts.free(), taken.url("/mine"), taken.port()));
            try (RelayProcess quickstart = RelayProcess.start(folder, "quickstart", "--config", file.toString())) {
                assertThat(quickstart.awaitExit(START)).as(quickstart::toString).isEqualTo(1);
                assertThat(quickstart.err())
                        .contains(Integer.toString(taken.port()))
                        .doesNotContain("\tat ");
            }
        }
    }

    /** One that is to arrive, and one that is excluded. */
    private static Sent publish(RelayProcess quickstart) {
        int port = Integer.parseInt(find(quickstart, "mosquitto_pub -h 127.0.0.1 -p (\\d+)"));
        try (MqttPublisher publisher = new MqttPublisher(port)) {
            publisher.send("from/v1/aaa/hidden", 1);
            Sent own = publisher.send("from/v1/own", 1);
            publisher.flush();
            return own;
        }
    }

    private static String find(RelayProcess quickstart, String expression) {
        Matcher matcher = Pattern.compile(expression).matcher(quickstart.out());
        assertThat(matcher.find()).as(quickstart::toString).isTrue();
        return matcher.group(1);
    }

    private static void awaitLine(RelayProcess quickstart, String expression) {
        Pattern pattern = Pattern.compile(expression);
        await().atMost(START).pollInterval(Duration.ofMillis(50)).until(() -> {
            assertThat(quickstart.isAlive()).as(quickstart::toString).isTrue();
            return pattern.matcher(quickstart.out()).find();
        });
    }
}
