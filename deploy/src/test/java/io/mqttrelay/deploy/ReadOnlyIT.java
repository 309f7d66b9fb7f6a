package io.mqttrelay.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.embedded.LoopbackPorts;
import io.mqttrelay.testkit.guarantee.Duplicates;
import io.mqttrelay.testkit.guarantee.Expectation;
import io.mqttrelay.testkit.guarantee.NoLoss;
import io.mqttrelay.testkit.guarantee.Sent;
import io.mqttrelay.testkit.http.CallbackServer;
import io.mqttrelay.testkit.mqtt.MosquittoProcess;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import io.mqttrelay.testkit.mqtt.RequiresMosquitto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the images hold, with the configuration of the deployments, in surroundings like those of a container: nothing to
 * write to but /tmp, nobody's user, no capabilities. Row S17 of docs/security.md.
 */
@RequiresMosquitto
class ReadOnlyIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration GRACE = Duration.ofSeconds(25);
    private static final int MESSAGES = 200;

    private final int ingestPort = LoopbackPorts.free();
    private final int dispatchPort = LoopbackPorts.free();

    @TempDir
    private Path folder;

    @Test
    void messagesPassWhereNothingCanBeWritten() throws Exception {
        ReadOnlyProcess.needsMounts();
        Path configuration = Files.createDirectory(folder.resolve("etc"));
        DeployedFile.in(configuration);
        letNobodyRead(configuration);
        String password =
                Files.readString(configuration.resolve("secrets/mqtt_password")).strip();
        try (EmbeddedKafka kafka = EmbeddedKafka.launch();
                MosquittoProcess mosquitto = MosquittoProcess.builder()
                        .user("relay", password)
                        .user("device", "of-the-test")
                        .launch();
                CallbackServer callback = CallbackServer.start()) {
            Map<String, String> environment = new HashMap<>(Map.of(
                    "RELAY_CONFIG",
                            ReadOnlyProcess.CONFIGURATION.resolve("relay.json").toString(),
                    "MQTT_HOST", "127.0.0.1",
                    "MQTT_PORT", Integer.toString(mosquitto.port()),
                    "KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                    "KAFKA_REPLICATION_FACTOR", "1",
                    "CALLBACK_URL", callback.url("/messages"),
                    "INGEST_PORT", Integer.toString(ingestPort),
                    "DISPATCH_PORT", Integer.toString(dispatchPort)));
            try (ReadOnlyProcess ingest = start("ingest", configuration, environment);
                    ReadOnlyProcess dispatch = start("dispatch", configuration, environment)) {
                awaitReady(ingest, ingestPort);
                awaitReady(dispatch, dispatchPort);
                assertIsNobodyAndTheJvm(ingest);
                assertIsNobodyAndTheJvm(dispatch);

                List<Sent> sent = publish(mosquitto.port());

                callback.await("/messages", MESSAGES, START);
                assertThat(ingest.terminate(GRACE)).as(said(ingest)).isZero();
                assertThat(dispatch.terminate(GRACE)).as(said(dispatch)).isZero();
                NoLoss.check(
                                sent,
                                callback.deliveries(),
                                List.of(),
                                List.of(Expectation.of(callback.url("/messages"), "demo/#")))
                        .assertHolds();
                Duplicates.none(callback.deliveries()).assertHolds();
            }
        }
    }

    private ReadOnlyProcess start(String service, Path configuration, Map<String, String> environment)
            throws Exception {
        ServiceImage image = ServiceImage.of(service, folder);
        return ReadOnlyProcess.start(
                image.root(),
                configuration,
                folder.resolve(service + ".out"),
                environment,
                List.of(ReadOnlyProcess.IMAGE.resolve("bin/relay").toString(), service));
    }

    private static List<Sent> publish(int port) {
        try (MqttPublisher publisher = MqttPublisher.as("device", "of-the-test", port)) {
            for (int i = 0; i < MESSAGES; i++) {
                publisher.send("demo/device-" + i % 5, 1);
            }
            return publisher.flush().acknowledged();
        }
    }

    /** The process that was started is the JVM itself, so that signals reach it, and it may do nothing special. */
    private static void assertIsNobodyAndTheJvm(ReadOnlyProcess process) throws IOException {
        List<String> status = Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"));

        assertThat(status)
                .contains("Name:\tjava", "Uid:\t65534\t65534\t65534\t65534", "NoNewPrivs:\t1")
                .contains("CapEff:\t0000000000000000", "CapBnd:\t0000000000000000");
    }

    private void awaitReady(ReadOnlyProcess process, int port) {
        Path health = Distribution.checkout().resolve("deploy/docker/health");
        await().atMost(START).pollInterval(Duration.ofMillis(300)).untilAsserted(() -> {
            assertThat(process.isAlive()).as(said(process)).isTrue();
            assertThat(Distribution.run(folder, health, List.of(Integer.toString(port)))
                            .exitCode())
                    .as(said(process))
                    .isZero();
        });
    }

    private static String said(ReadOnlyProcess process) throws IOException {
        return Files.readString(process.output());
    }

    private static void letNobodyRead(Path configuration) throws IOException {
        try (Stream<Path> files = Files.walk(configuration)) {
            for (Path file : files.toList()) {
                String mode = Files.isDirectory(file) ? "rwxr-xr-x" : "rw-r--r--";
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            }
        }
    }
}
