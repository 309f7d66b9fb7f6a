package io.mqttrelay.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The units, as systemd's own tools see them. */
@Timeout(60)
class SystemdIT {
    /** Ten times the exposure that a unit may have at most; 100 is one that nothing protects. */
    private static final int EXPOSURE = 15;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "dispatch"})
    void systemdUnderstandsEveryLine(String service) throws Exception {
        Path analyze = Installed.program("systemd-analyze", "Debian's package systemd");
        String unit = Files.readString(SystemdUnit.path(service))
                .replace("/opt/mqtt-relay", Distribution.folder().toString());
        Path file = Files.writeString(folder.resolve(SystemdUnit.path(service).getFileName()), unit);

        Distribution.Result result = Distribution.run(folder, analyze, List.of("verify", file.toString()));

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out() + result.err()).doesNotContain("mqtt-relay");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "dispatch"})
    void littleIsExposed(String service) throws Exception {
        Path analyze = Installed.program("systemd-analyze", "Debian's package systemd");

        Distribution.Result result = Distribution.run(
                folder,
                analyze,
                List.of(
                        "security",
                        "--offline=true",
                        "--no-pager",
                        "--threshold=" + EXPOSURE,
                        SystemdUnit.path(service).toString()));

        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.out()).contains("Overall exposure level");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "dispatch"})
    void itHearsSignalsAndHasTimeToEnd(String service) throws IOException {
        SystemdUnit unit = SystemdUnit.of(service);
        String grace = new ObjectMapper()
                .readTree(DeployedFile.path().toFile())
                .path("shutdown_grace")
                .asText();

        assertThat(unit.only("ExecStart")).isEqualTo("/opt/mqtt-relay/bin/relay " + service);
        assertThat(unit.only("ExecReload")).isEqualTo("/bin/kill -HUP $MAINPID");
        assertThat(seconds(unit.only("TimeoutStopSec"))).isGreaterThanOrEqualTo(seconds(grace) + 15);
        assertThat(unit.only("RestartPreventExitStatus")).isEqualTo("2");
    }

    private static int seconds(String duration) {
        return Integer.parseInt(duration.replace("s", ""));
    }

    @Test
    void theUnitsAreTheSameButForTheirService() throws IOException {
        String ingest = Files.readString(SystemdUnit.path("ingest"));
        String dispatch = Files.readString(SystemdUnit.path("dispatch"));

        assertThat(ingest.replace("ingest: MQTT -> Kafka", "dispatch: Kafka -> callbacks")
                        .replace("bin/relay ingest", "bin/relay dispatch"))
                .isEqualTo(dispatch);
    }

    @Test
    void theUserIsMade() throws Exception {
        Path sysusers = Installed.program("systemd-sysusers", "Debian's package systemd");
        Path etc = Files.createDirectory(folder.resolve("etc"));
        Path file = SystemdUnit.folder().resolve("mqtt-relay.sysusers");

        Distribution.Result result = Distribution.run(folder, sysusers, List.of("--root=" + folder, file.toString()));

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(Files.readString(etc.resolve("passwd")))
                .startsWith(SystemdUnit.of("ingest").only("User") + ":");
    }
}
