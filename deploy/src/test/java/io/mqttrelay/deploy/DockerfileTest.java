package io.mqttrelay.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the Dockerfiles say, as far as it can be known without a container engine. */
class DockerfileTest {
    private static final String PINNED = "eclipse-temurin:\\d+\\.\\d+\\.\\d+_\\d+-(jdk|jre)-noble( AS build)?";

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "dispatch"})
    void itStartsFromExactVersionsAndEndsWithAJre(String service) throws IOException {
        List<String> from = Dockerfile.of(service).all("FROM");

        assertThat(from).hasSize(2).allSatisfy(image -> assertThat(image).matches(PINNED));
        assertThat(from.get(0).replace("-jdk-", "-jre-").replace(" AS build", ""))
                .isEqualTo(from.get(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "dispatch"})
    void bothServicesShareTheBuild(String service) throws IOException {
        Dockerfile other = Dockerfile.of(service.equals("ingest") ? "dispatch" : "ingest");
        Dockerfile file = Dockerfile.of(service);

        assertThat(file.all("FROM")).isEqualTo(other.all("FROM"));
        assertThat(file.all("RUN").get(0)).isEqualTo(other.all("RUN").get(0));
        assertThat(file.all("RUN").get(1)).contains("image-files deploy/target/relay-*/ " + service + " /image");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "dispatch"})
    void itRunsAsNobodyAndTheLauncherIsProcessOne(String service) throws IOException {
        Dockerfile file = Dockerfile.of(service);

        assertThat(file.only("USER")).matches("[1-9]\\d{3,}:[1-9]\\d{3,}");
        assertThat(file.only("ENTRYPOINT")).isEqualTo("[\"/opt/relay/bin/relay\"]");
        assertThat(file.only("CMD")).isEqualTo("[\"" + service + "\"]");
        assertThat(file.only("STOPSIGNAL")).isEqualTo("SIGTERM");
        assertThat(Files.readString(Distribution.checkout().resolve("relay")).strip())
                .as("the launcher's last line")
                .contains("\nexec \"$java_home/bin/java\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "dispatch"})
    void layersThatSeldomChangeLieBelow(String service) throws IOException {
        List<String> copies = Dockerfile.of(service).image().stream()
                .filter(each -> each.name().equals("COPY"))
                .map(Dockerfile.Instruction::arguments)
                .toList();

        assertThat(copies)
                .containsExactly(
                        "--from=build /image/libraries/ /opt/relay/",
                        "--chmod=0755 deploy/docker/health /opt/relay/bin/health",
                        "--from=build /image/relay/ /opt/relay/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "dispatch"})
    void itsPortAndFileAreThoseOfTheConfiguration(String service) throws IOException {
        Dockerfile file = Dockerfile.of(service);
        JsonNode admin =
                new ObjectMapper().readTree(DeployedFile.path().toFile()).path("admin");
        String port = admin.path(service + "_port").asText().replaceAll("\\D", "");

        assertThat(file.only("EXPOSE")).isEqualTo(port);
        assertThat(file.only("HEALTHCHECK")).endsWith("CMD [\"/opt/relay/bin/health\", \"" + port + "\"]");
        assertThat(file.only("ENV")).isEqualTo("RELAY_CONFIG=/etc/mqtt-relay/relay.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"deploy/docker/health", "deploy/docker/image-files", "deploy/make-secrets"})
    void scriptsCanBeRun(String script) {
        Path path = Distribution.checkout().resolve(script);

        assertThat(path).isExecutable();
    }
}
