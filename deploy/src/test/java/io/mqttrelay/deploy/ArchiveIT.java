package io.mqttrelay.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who has the archive and no checkout can do what docs/deployment.md says. */
@Timeout(120)
class ArchiveIT {
    @TempDir
    Path folder;

    private Path root;

    @BeforeEach
    void unpackAllButTheJars() throws Exception {
        Path archive = Distribution.archive();
        Distribution.Result result =
                Distribution.run(folder, Path.of("tar"), List.of("-xzf", archive.toString(), "--exclude=*/lib/*.jar"));
        assertThat(result.exitCode()).as(result.err()).isZero();
        root = folder.resolve(archive.getFileName().toString().replace(".tar.gz", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "deploy/config",
                "deploy/grafana",
                "deploy/kubernetes",
                "deploy/prometheus",
                "deploy/systemd",
                "docs"
            })
    void itHasTheFilesOfTheCheckoutAtTheirPaths(String part) throws IOException {
        Path source = Distribution.checkout().resolve(part);

        Set<String> files = files(source);
        assertThat(files(root.resolve(part))).isNotEmpty().isEqualTo(files);
        assertThat(files)
                .allSatisfy(file ->
                        assertThat(root.resolve(part).resolve(file)).hasSameBinaryContentAs(source.resolve(file)));
    }

    /** But for secrets that somebody has made. */
    private static Set<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.getParent().endsWith("secrets"))
                    .map(file -> folder.relativize(file).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void nobodysSecretsAreInIt() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            assertThat(all).noneMatch(file -> file.endsWith("secrets"));
        }
    }

    @Test
    void hasTheFilesOfPagesAndEditors() {
        assertThat(root.resolve("docs/operations.md")).isNotEmptyFile();
        assertThat(root.resolve("docs/relay.schema.json")).isNotEmptyFile();
        assertThat(root.resolve("deploy/config").resolve("../../docs/relay.schema.json"))
                .isNotEmptyFile();
        assertThat(root.resolve("LICENSE")).isNotEmptyFile();
        assertThat(root.resolve("CHANGELOG.md")).isNotEmptyFile();
    }

    @Test
    void itsOverlaysAreRenderedWithSecretsThatItMakes() throws Exception {
        Path kubectl = Installed.program("kubectl", "https://kubernetes.io/docs/tasks/tools");
        String overlay = "deploy/kubernetes/overlays/production";

        Distribution.Result made =
                Distribution.run(root, root.resolve("deploy/make-secrets"), List.of(overlay + "/secrets"));
        Distribution.Result rendered = Distribution.run(root, kubectl, List.of("kustomize", overlay));

        assertThat(made.exitCode()).as(made.err()).isZero();
        assertThat(rendered.exitCode()).as(rendered.err()).isZero();
        assertThat(rendered.out()).contains("kind: StatefulSet");
    }
}
