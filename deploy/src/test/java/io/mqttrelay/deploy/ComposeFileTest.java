package io.mqttrelay.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** docker-compose.yml, as far as it can be known without a container engine. */
@Timeout(60)
class ComposeFileTest {
    private static final Pattern VERSION = Pattern.compile("[a-z0-9./-]+:v?\\d+\\.\\d+\\.\\d+([._-][a-z0-9._-]+)?");

    @TempDir
    Path folder;

    private ComposeFile compose;

    @BeforeEach
    void read() throws IOException {
        compose = ComposeFile.read();
    }

    @Test
    void dockerComposeTakesItAsTheSpecificationHasIt() throws Exception {
        Path dockerCompose = Installed.program("docker-compose", "Debian's package docker-compose");

        Distribution.Result result = Distribution.run(
                Distribution.checkout(),
                dockerCompose,
                List.of("-f", ComposeFile.path().toString(), "config", "-q"));

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
    }

    @Test
    void itRunsThreeBrokersAndTwoOfEachService() {
        assertThat(compose.services("kafka-")).hasSize(3);
        assertThat(compose.services("ingest-")).hasSize(2);
        assertThat(compose.services("dispatch-")).hasSize(2);
        assertThat(compose.services()).containsKeys("emqx", "callback", "prometheus", "grafana");
    }

    @Test
    void ingestsHaveNamesOfTheirOwnThatStay() {
        assertThat(compose.services("ingest-").values())
                .extracting(service -> ComposeFile.environment(service).get("RELAY_INSTANCE"))
                .doesNotHaveDuplicates()
                .doesNotContainNull();
    }

    @Test
    void everyImageHasAnExactVersion() {
        assertThat(compose.services().values())
                .extracting(service -> service.path("image").asText())
                .allSatisfy(image -> assertThat(image).matches(VERSION));
    }

    @Test
    void eachImageOfOursIsBuiltOnce() {
        for (String service : List.of("ingest", "dispatch")) {
            Map<String, JsonNode> same = compose.services(service + "-");
            assertThat(same.values())
                    .extracting(each -> each.path("image").asText())
                    .allMatch(image -> image.startsWith("mqtt-relay/" + service + ":"));
            assertThat(same.values())
                    .filteredOn(each -> each.has("build"))
                    .as(service)
                    .hasSize(1);
            // no registry has it
            assertThat(same.values())
                    .filteredOn(each -> !each.has("build"))
                    .extracting(each -> each.path("pull_policy").asText())
                    .containsOnly("never");
        }
    }

    @Test
    void everyFileThatItNamesExists() {
        compose.services().forEach((name, service) -> {
            assertThat(ComposeFile.mounts(service))
                    .as(name)
                    .allSatisfy(mount -> assertThat(mount.source()).exists());
            JsonNode build = service.path("build");
            if (!build.isMissingNode()) {
                assertThat(Distribution.checkout()
                                .resolve(build.path("dockerfile").asText()))
                        .isRegularFile();
            }
        });
    }

    @Test
    void everySecretIsAFileThatMakeSecretsMakes() throws Exception {
        Path secrets = folder.resolve("secrets");
        Distribution.run(folder, Secrets.program(), List.of(secrets.toString(), "644"));

        compose.root().path("secrets").forEach(secret -> {
            Path file = Path.of(secret.path("file").asText());
            assertThat(file.getParent()).hasToString("./deploy/docker/secrets");
            assertThat(secrets.resolve(file.getFileName())).isNotEmptyFile();
        });
        compose.services()
                .forEach((name, service) -> assertThat(
                                ComposeFile.secrets(service).keySet())
                        .as(name)
                        .allSatisfy(secret -> assertThat(
                                        compose.root().path("secrets").has(secret))
                                .isTrue()));
    }

    @Test
    void servicesWaitForHealthChecks() throws IOException {
        for (Map.Entry<String, JsonNode> service : compose.services().entrySet()) {
            for (Map.Entry<String, JsonNode> before :
                    service.getValue().path("depends_on").properties()) {
                assertThat(before.getValue().path("condition").asText())
                        .as(service.getKey() + " waits for " + before.getKey())
                        .isEqualTo("service_healthy");
                assertThat(compose.services().get(before.getKey()).has("healthcheck"))
                        .isTrue();
            }
        }
        // theirs are in the images
        assertThat(Dockerfile.of("ingest").only("HEALTHCHECK")).isNotEmpty();
        assertThat(Dockerfile.of("dispatch").only("HEALTHCHECK")).isNotEmpty();
    }

    @Test
    void everyServiceIsBoundedAndOnThisMachineOnly() {
        compose.services().forEach((name, service) -> {
            JsonNode limits = service.path("deploy").path("resources").path("limits");
            assertThat(limits.path("memory").asText()).as(name).isNotEmpty();
            assertThat(limits.path("cpus").asText()).as(name).isNotEmpty();
            assertThat(service.path("security_opt").toString()).as(name).contains("no-new-privileges:true");
            assertThat(service.path("cap_drop").toString()).as(name).isEqualTo("[\"ALL\"]");
            assertThat(service.path("logging").path("options").path("max-size").asText())
                    .as(name)
                    .isNotEmpty();
            assertThat(service.path("logging").path("options").path("max-file").asText())
                    .as(name)
                    .isNotEmpty();
            assertThat(service.path("ports"))
                    .as(name)
                    .allSatisfy(port -> assertThat(port.asText()).startsWith("127.0.0.1:"));
        });
    }

    @Test
    void theRelaysCanWriteNothingAndDoNothingThatIsNotTheirs() {
        Stream.of("ingest-", "dispatch-")
                .flatMap(prefix -> compose.services(prefix).values().stream())
                .forEach(service -> {
                    assertThat(service.path("read_only").asBoolean()).isTrue();
                    assertThat(service.path("tmpfs").toString()).startsWith("[\"/tmp:exec,");
                    assertThat(service.path("volumes"))
                            .allSatisfy(volume -> assertThat(volume.asText()).endsWith(":ro"));
                });
    }

    @Test
    void theRelaysHaveTimeToEnd() throws IOException {
        String grace = new ObjectMapper()
                .readTree(DeployedFile.path().toFile())
                .path("shutdown_grace")
                .asText();
        Stream.of("ingest-", "dispatch-")
                .flatMap(prefix -> compose.services(prefix).values().stream())
                .forEach(service -> assertThat(
                                seconds(service.path("stop_grace_period").asText()))
                        .isGreaterThanOrEqualTo(seconds(grace) + 15));
    }

    @Test
    void aDeviceMayNotSubscribeToTopicsOfTheRelay() throws IOException {
        JsonNode emqx = compose.services().get("emqx");
        assertThat(emqx.path("volumes").toString())
                .contains("./deploy/docker/emqx-acl.conf:/opt/emqx/etc/acl.conf:ro")
                .contains("./deploy/docker/emqx.hocon:/opt/emqx/etc/base.hocon:ro");

        List<String> rules = Files.readAllLines(Path.of("docker", "emqx-acl.conf")).stream()
                .filter(line -> line.startsWith("{"))
                .toList();

        assertThat(rules)
                .containsExactly(
                        "{allow, {username, \"relay\"}, subscribe, [\"demo/#\"]}.",
                        "{allow, {username, \"device\"}, publish, [\"demo/#\"]}.",
                        "{deny, all}.");
        assertThat(Files.readString(Path.of("docker", "emqx.hocon"))).contains("strict_mode = true");
    }

    private static int seconds(String duration) {
        return Integer.parseInt(duration.replace("s", ""));
    }

    @Test
    void kafkaKeepsThreeCopiesAndWritesTwo() {
        compose.services("kafka-").forEach((name, service) -> {
            Map<String, String> settings = ComposeFile.environment(service);
            assertThat(settings)
                    .containsEntry("KAFKA_DEFAULT_REPLICATION_FACTOR", "3")
                    .containsEntry("KAFKA_MIN_INSYNC_REPLICAS", "2")
                    .containsEntry("KAFKA_ADVERTISED_LISTENERS", "CLIENTS://" + name + ":9092");
            assertThat(settings.get("KAFKA_CONTROLLER_QUORUM_VOTERS"))
                    .contains(settings.get("KAFKA_NODE_ID") + "@" + name + ":9093");
        });
    }

    @Test
    void askingKafkaHowItIsTakesNoBrokersMemory() {
        assertThat(compose.services("kafka-").values())
                .extracting(service ->
                        service.path("healthcheck").path("test").path(1).asText())
                .allSatisfy(command -> assertThat(command).startsWith("KAFKA_HEAP_OPTS=-Xmx64m "));
    }

    @Test
    void kafkaTakesItsSettings() {
        compose.services("kafka-").values().forEach(service -> {
            Map<String, String> properties = new TreeMap<>();
            ComposeFile.environment(service).forEach((variable, value) -> {
                if (variable.startsWith("KAFKA_") && !variable.equals("KAFKA_HEAP_OPTS")) {
                    properties.put(
                            variable.substring("KAFKA_".length())
                                    .toLowerCase(Locale.ROOT)
                                    .replace('_', '.'),
                            value);
                }
            });

            assertThat(KafkaConfig.configDef().names()).containsAll(properties.keySet());
            assertThat(KafkaConfig.fromProps(asProperties(properties), false).nodeId())
                    .isPositive();
        });
    }

    private static Properties asProperties(Map<String, String> map) {
        Properties properties = new Properties();
        properties.putAll(map);
        return properties;
    }
}
