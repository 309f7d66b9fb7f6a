package io.mqttrelay.common.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.destination.AddressSchemes;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class CliTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    @Test
    void helpNamesEveryCommandInOneLineEach() {
        assertThat(run("help")).isZero();

        assertThat(out.toString().lines().filter(line -> line.startsWith("  relay ")))
                .extracting(line -> line.split(" ", -1)[3])
                .containsExactly(
                        "quickstart",
                        "ingest",
                        "dispatch",
                        "validate",
                        "explain",
                        "dead-letters",
                        "replay",
                        "version",
                        "help");
    }

    @Test
    void theVersionIsTheProjects() {
        assertThat(run("version")).isZero();

        assertThat(out.toString()).matches("mqtt-relay \\d+\\.\\d+\\.\\d+ \\(Java .*\\)\\R");
    }

    @ParameterizedTest
    @CsvSource({"ingst, ingest", "dipatch, dispatch", "dead-leters, dead-letters", "Validate, validate"})
    void anUnknownCommandNamesTheNearestOne(String typed, String meant) {
        assertThat(run(typed, "--config", "x")).isEqualTo(ExitCode.USAGE);

        assertThat(err.toString()).startsWith("relay: no command '" + typed + "', did you mean '" + meant + "'?");
    }

    @Test
    void aCommandThatIsLikeNoneIsNotGuessedAt() {
        assertThat(run("foo")).isEqualTo(ExitCode.USAGE);

        assertThat(err.toString().lines())
                .containsExactly("relay: no command 'foo'", "'relay help' lists the commands");
    }

    @Test
    void anUnknownOptionNamesTheNearestOneAndTheUsage() {
        assertThat(run("probe", "--confg", "x")).isEqualTo(ExitCode.USAGE);

        assertThat(err.toString().lines())
                .containsExactly(
                        "relay probe: unknown option '--confg', did you mean '--config'?",
                        "usage: relay probe [-hV] [--config=FILE]");
    }

    @ParameterizedTest
    @CsvSource({"--config", "--config a --config b", "surplus", "--config a surplus"})
    void otherBadUsageIsToldInOneLineToo(String arguments) {
        assertThat(run(("probe " + arguments).split(" ", -1))).isEqualTo(ExitCode.USAGE);

        assertThat(err.toString().lines()).hasSize(2).first().asString().startsWith("relay probe: ");
    }

    @Test
    void anArgumentThatBeginsWithAtNamesNoFile() throws IOException {
        Path options = Files.writeString(folder.resolve("options"), "--version");

        assertThat(run("probe", "@" + options)).isEqualTo(ExitCode.USAGE);

        assertThat(err.toString()).startsWith("relay probe: unexpected '@" + options + "'");
    }

    @Test
    void aMissingConfigurationIsBadUsage() {
        assertThat(run("probe")).isEqualTo(ExitCode.USAGE);

        assertThat(err.toString()).contains("--config FILE").contains("RELAY_CONFIG");
    }

    @Test
    void theProblemsOfAFileComeOnePerLine() throws IOException {
        Path file = Files.writeString(folder.resolve("bad.json"), "{\"kafka\": {\"partitions\": 0}}");

        assertThat(run("probe", "--config", file.toString())).isEqualTo(ExitCode.USAGE);

        assertThat(err.toString().lines())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).startsWith(file + ": "));
    }

    @Test
    void theEnvironmentNamesTheFileWhereTheOptionDoesNot() throws UsageException {
        ConfigOption option = new ConfigOption(Map.of("RELAY_CONFIG", "/etc/relay.json")::get, AddressSchemes.ANY);

        assertThat(option.file()).isEqualTo(Path.of("/etc/relay.json"));
        assertThat(new ConfigOption(Map.of("RELAY_CONFIG", " ")::get, AddressSchemes.ANY).file())
                .isNull();
    }

    @Test
    void aFailureWhileRunningIsOneLineAndExitsWithOne() {
        assertThat(run("broken")).isEqualTo(ExitCode.FAILED);

        assertThat(err).hasToString("relay broken: failed: the disk is full" + System.lineSeparator());
    }

    @Test
    void readsTheTerminalWidthsFromTheLauncher() {
        Map<String, String> properties = Map.of("relay.columns.out", "133", "relay.columns.err", "wide");

        assertThat(Terminal.of(properties::get)).isEqualTo(new Terminal(133, 0));
        assertThat(Terminal.of(name -> null)).isEqualTo(new Terminal(0, 0));
    }

    private int run(String... args) {
        List<Object> commands = Main.commands();
        commands.add(new Probe());
        commands.add(new Broken());
        return Cli.run(args, commands, new PrintWriter(out, true), new PrintWriter(err, true));
    }

    @Command(name = "probe")
    static final class Probe implements Callable<Integer> {
        @Mixin
        private final ConfigOption config = new ConfigOption(name -> null, AddressSchemes.ANY);

        @Override
        public Integer call() throws UsageException {
            config.load();
            return ExitCode.DONE;
        }
    }

    @Command(name = "broken")
    static final class Broken implements Callable<Integer> {
        @Override
        public Integer call() throws IOException {
            throw new IOException("the disk is full");
        }
    }
}
