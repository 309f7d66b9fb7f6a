package io.mqttrelay.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is put into the images runs, and is no more than what is needed. */
@Timeout(120)
class ServiceImageIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "dispatch"})
    void itHasTheJarsThatTheServiceNamesAndNoOthers(String service) throws Exception {
        ServiceImage image = ServiceImage.of(service, folder);

        Set<String> ours = image.jars("relay");
        Set<String> others = image.jars("libraries");
        Set<String> named = new TreeSet<>();
        for (String main : ours) {
            if (main.startsWith("relay-" + service) || main.startsWith("relay-sink-")) {
                named.add(main);
                named.addAll(namedBy(image.root().resolve("lib").resolve(main)));
            }
        }

        assertThat(Stream.concat(ours.stream(), others.stream())).containsExactlyInAnyOrderElementsOf(named);
        assertThat(ours)
                .allSatisfy(jar -> assertThat(jar).startsWith("relay-"))
                .filteredOn(jar -> !jar.startsWith("relay-sink-"))
                .hasSize(2);
        assertThat(ours.stream().filter(jar -> jar.startsWith("relay-sink-")))
                .hasSameSizeAs(service.equals("dispatch") ? sinks() : List.of());
        assertThat(others).noneSatisfy(jar -> assertThat(jar).startsWith("relay-"));
        assertThat(named).noneMatch(jar -> jar.startsWith("hivemq-community") || jar.startsWith("kafka-server"));
    }

    private static List<String> namedBy(Path jar) throws IOException {
        try (JarFile opened = new JarFile(jar.toFile())) {
            String classPath = opened.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            return Arrays.asList(classPath.split(" "));
        }
    }

    /** The modules of targets in the distribution. */
    private static List<Path> sinks() throws IOException {
        try (Stream<Path> jars = Files.list(Distribution.folder().resolve("lib"))) {
            return jars.filter(jar -> jar.getFileName().toString().startsWith("relay-sink-"))
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "dispatch"})
    void itHasTheLicencesOfWhatIsInIt(String service) throws Exception {
        Path root = ServiceImage.of(service, folder).root();

        assertThat(root.resolve("LICENSE")).isNotEmptyFile();
        assertThat(root.resolve("THIRD-PARTY.md")).isNotEmptyFile();
        assertThat(root.resolve("licences")).isNotEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "dispatch"})
    void itsCommandsRun(String service) throws Exception {
        ServiceImage image = ServiceImage.of(service, folder);
        Map<String, String> environment = Map.of(
                "RELAY_CONFIG", DeployedFile.in(folder).toString(),
                "MQTT_HOST", "mqtt.invalid",
                "KAFKA_BOOTSTRAP_SERVERS", "kafka.invalid:9092");

        Distribution.Result version = Distribution.run(folder, image.launcher(), List.of("version"));
        Distribution.Result refused = Distribution.run(folder, image.launcher(), List.of(service), environment);

        assertThat(version.out()).startsWith("mqtt-relay ");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("callbackAddress", "CALLBACK_URL is not set");
    }
}
