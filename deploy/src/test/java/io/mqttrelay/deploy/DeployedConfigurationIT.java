package io.mqttrelay.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The program takes the configuration as each deployment gives it: the same file, that deployment's environment. */
@Timeout(60)
class DeployedConfigurationIT {
    /** What the program reads beside its configuration's own references. */
    private static final Set<String> OF_THE_PROGRAM = Set.of("RELAY_CONFIG", "RELAY_INSTANCE", "RELAY_JAVA_OPTS");

    @TempDir
    Path folder;

    static Stream<Deployed> deployed() throws IOException {
        return Stream.concat(compose(), systemd());
    }

    /** Whose files are told apart by deployment: on a host they lie where the operator puts them. */
    static Stream<Deployed> inContainers() throws IOException {
        return deployed().filter(each -> !each.files().isEmpty());
    }

    private static Stream<Deployed> compose() throws IOException {
        ComposeFile compose = ComposeFile.read();
        return Stream.of("ingest-", "dispatch-")
                .flatMap(prefix -> compose.services(prefix).entrySet().stream())
                .map(service -> {
                    Set<String> files = new TreeSet<>(
                            ComposeFile.secrets(service.getValue()).values());
                    ComposeFile.mounts(service.getValue()).forEach(mount -> files.add(mount.target()));
                    return new Deployed(
                            "compose: " + service.getKey(), ComposeFile.environment(service.getValue()), files);
                });
    }

    private static Deployed pod(Rendered rendered, String service) {
        Set<String> files = new TreeSet<>();
        for (JsonNode source : rendered.pod(service).at("/volumes/0/projected/sources")) {
            JsonNode map = source.path("configMap");
            if (!map.isMissingNode()) {
                rendered.only("ConfigMap", map.path("name").asText())
                        .path("data")
                        .fieldNames()
                        .forEachRemaining(files::add);
            }
            source.at("/secret/items")
                    .forEach(item -> files.add(item.path("path").asText()));
        }
        Path mounted = Path.of(
                rendered.container(service).at("/volumeMounts/0/mountPath").asText());
        return new Deployed(
                "kubernetes: " + service,
                rendered.environment(service),
                files.stream().map(each -> mounted.resolve(each).toString()).collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"development", "production"})
    void kubernetesGivesEachServiceAllOfIt(String overlay) throws Exception {
        Rendered rendered = Rendered.overlay(overlay, Files.createDirectory(folder.resolve("rendered")));
        for (String service : List.of("ingest", "dispatch")) {
            Deployed pod = pod(rendered, service);
            everyVariableIsReadAndNoneIsMissing(pod);
            itSeesTheFileAndEachOfItsSecrets(pod);
        }
        itIsValidInItsEnvironment(pod(rendered, "ingest"));
    }

    private static Stream<Deployed> systemd() throws IOException {
        return Stream.of(
                new Deployed("systemd: ingest", SystemdUnit.of("ingest").environment(), Set.of()),
                new Deployed("systemd: dispatch", SystemdUnit.of("dispatch").environment(), Set.of()));
    }

    @ParameterizedTest
    @MethodSource("deployed")
    void itIsValidInItsEnvironment(Deployed service) throws Exception {
        Map<String, String> environment = new HashMap<>(service.environment());
        environment.put("RELAY_CONFIG", DeployedFile.in(folder).toString());

        Distribution.Result result =
                Distribution.run(folder, Distribution.launcher(), List.of("validate"), environment);

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains(service.environment().get("KAFKA_BOOTSTRAP_SERVERS"), "shared group");
    }

    @ParameterizedTest
    @MethodSource("deployed")
    void everyVariableIsReadAndNoneIsMissing(Deployed service) throws IOException {
        Set<String> known = new TreeSet<>(DeployedFile.variables(false));
        known.addAll(OF_THE_PROGRAM);

        assertThat(known).containsAll(service.environment().keySet());
        assertThat(service.environment().keySet()).containsAll(DeployedFile.variables(true));
    }

    @ParameterizedTest
    @MethodSource("inContainers")
    void itSeesTheFileAndEachOfItsSecrets(Deployed service) throws IOException {
        Path seen = Path.of(DeployedFile.TARGET);
        Set<String> expected = new TreeSet<>(Set.of(seen.toString()));
        DeployedFile.secrets()
                .forEach(secret -> expected.add(seen.resolveSibling(secret).toString()));

        assertThat(service.environment()).containsEntry("RELAY_CONFIG", seen.toString());
        assertThat(service.files()).isEqualTo(expected);
    }
}
