package io.mqttrelay.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import io.mqttrelay.testkit.kafka.TestTopics;
import io.mqttrelay.testkit.mqtt.MosquittoProcess;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import io.mqttrelay.testkit.mqtt.RequiresMosquitto;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The subscriptions of a kept session compared with those of the present file. */
@RequiresMosquitto
@ExtendWith(SharedBrokers.class)
class SubscriptionIT {
    private final EmbeddedKafka kafka;
    private final String app = TestTopics.uniqueName("filters");
    private final Stored stored;
    private MosquittoProcess mosquitto = MosquittoProcess.launch();

    SubscriptionIT(EmbeddedKafka kafka) {
        this.kafka = kafka;
        this.stored = new Stored(kafka.bootstrapServers(), app);
    }

    @AfterEach
    void stop() {
        mosquitto.close();
    }

    private ObjectNode config(String filter, Consumer<ObjectNode> edit) {
        return RunningIngest.config(kafka.bootstrapServers(), mosquitto.port(), app, app, filter, edit);
    }

    private void publish(String... topics) {
        try (MqttPublisher publisher = new MqttPublisher(mosquitto.port())) {
            for (String topic : topics) {
                publisher.send(topic, 1);
            }
            publisher.flush();
        }
    }

    @Test
    void takesMessagesOfTheSessionsOldSubscription() {
        RunningIngest.start(config("old/#", root -> {})).awaitReady().close();
        publish("old/queued");
        try (RunningIngest ingest =
                RunningIngest.start(config("new/#", root -> {})).awaitReady()) {
            publish("old/live", "new/live");
            assertThat(stored.messages(3))
                    .extracting(RelayMessage::topic)
                    .containsExactlyInAnyOrder("old/queued", "old/live", "new/live");
            assertThat(ingest.metric("relay_ingest_dropped_total", "no_filter")).isZero();
            ingest.awaitNothingUnacked(app);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 3})
    void aDisabledRouteTakesNothingAndUnsubscribes(int version) {
        Consumer<ObjectNode> versioned = root -> RunningIngest.broker(root).put("mqtt_version", version);
        RunningIngest.start(config("off/#", versioned)).awaitReady().close();
        publish("off/queued");
        ObjectNode disabled = config("off/#", versioned);
        RunningIngest.route(disabled).put("enabled", false);
        try (RunningIngest ingest = RunningIngest.start(disabled)) {
            await().atMost(Duration.ofSeconds(10)).until(() -> mosquitto.log().contains("UNSUBACK to " + app));
            assertThat(ingest.ready().body()).doesNotContain("mqtt " + app);
            publish("off/unwanted");
        }
        try (RunningIngest ingest =
                RunningIngest.start(config("off/#", versioned)).awaitReady()) {
            publish("off/again");
            assertThat(stored.messages(2))
                    .extracting(RelayMessage::topic)
                    .as("what was queued before stayed with the broker")
                    .containsExactlyInAnyOrder("off/queued", "off/again");
            ingest.awaitMetric("relay_ingest_stored_total", app, 2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 3})
    void aRefusedSubscriptionIsNamedWithItsFilter(int version, @TempDir Path folder) throws IOException {
        Path plugin = Path.of("/usr/lib/x86_64-linux-gnu/mosquitto_dynamic_security.so");
        assumeTrue(Files.exists(plugin), "needs Mosquitto's plugin for access control");
        Path rules = Files.writeString(folder.resolve("rules.json"), """
                {"defaultACLAccess": {"publishClientSend": true, "publishClientReceive": true,
                  "subscribe": false, "unsubscribe": true}, "clients": [], "groups": [], "roles": []}""");
        mosquitto.close();
        mosquitto = MosquittoProcess.builder()
                .option("plugin " + plugin)
                .option("plugin_opt_config_file " + rules)
                .launch();
        try (RunningIngest ingest = RunningIngest.start(
                config("secret/#", root -> RunningIngest.broker(root).put("mqtt_version", version)))) {
            ingest.awaitReason("refused the subscription to secret/#");
            assertThat(ingest.metric("relay_ingest_connected", app)).isOne();
        }
    }

    @Test
    void retainedMessagesComeOnceHoweverOftenIngestStarts() {
        retain("kept/1");
        for (int start = 0; start < 3; start++) {
            RunningIngest.start(config("kept/#", root -> {})).awaitReady().close();
        }
        publishOneMoreAndExpect("kept/2", 2);
        assertThat(stored.messages(2)).filteredOn(RelayMessage::retain).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 3})
    void retainedMessagesCanBeSkipped(int version) {
        retain("kept/1");
        try (RunningIngest ingest = RunningIngest.start(config(
                        "kept/#",
                        root -> RunningIngest.broker(root)
                                .put("mqtt_version", version)
                                .put("retained", "skip")))
                .awaitReady()) {
            retain("kept/live");
            assertThat(stored.messages(1)).extracting(RelayMessage::topic).containsExactly("kept/live");
            assertThat(ingest.metric("relay_ingest_dropped_total", "retained")).isEqualTo(version == 5 ? 0 : 1);
        }
    }

    @Test
    void aCleanSessionGetsOnlyMessagesWhileConnected() {
        Consumer<ObjectNode> clean = root -> RunningIngest.broker(root).put("session_expiry", "0s");
        RunningIngest.start(config("clean/#", clean)).awaitReady().close();
        publish("clean/missed");
        try (RunningIngest ingest =
                RunningIngest.start(config("clean/#", clean)).awaitReady()) {
            publish("clean/seen");
            assertThat(stored.messages(1)).extracting(RelayMessage::topic).containsExactly("clean/seen");
            assertThat(ingest.metric("relay_ingest_sessions_lost_total", app)).isZero();
        }
    }

    private void retain(String topic) {
        try (MqttPublisher publisher = new MqttPublisher(mosquitto.port())) {
            publisher.sendRetained(topic, 1, "x".getBytes(StandardCharsets.UTF_8));
            publisher.flush();
        }
    }

    private void publishOneMoreAndExpect(String topic, int records) {
        try (RunningIngest ingest =
                RunningIngest.start(config("kept/#", root -> {})).awaitReady()) {
            publish(topic);
            assertThat(stored.await(records)).hasSize(records);
            ingest.awaitMetric("relay_ingest_stored_total", app, 1);
        }
    }
}
