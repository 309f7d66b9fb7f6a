package io.mqttrelay.common.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.change.ConfigDifference;
import io.mqttrelay.common.config.change.UnusableConfigurationException;
import io.mqttrelay.common.config.read.ConfigFile;
import io.mqttrelay.common.config.read.ConfigResult;
import io.mqttrelay.common.metrics.ReloadMeters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the watch reads the file again, and the effects of the new configuration. */
class ConfigWatchTest {
    @TempDir
    private Path folder = Path.of("");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<String> reloads = new ArrayList<>();
    private @Nullable RelayConfig last;
    private boolean unusable;
    private Path file = Path.of("");
    private ConfigFile reader = new ConfigFile(file, name -> null);
    private @Nullable ConfigWatch watch;

    @BeforeEach
    void start() throws IOException {
        file = folder.resolve("relay.json");
        write(file, route("a", "5"));
        begin();
    }

    private void begin() {
        reader = new ConfigFile(file, name -> null);
        ConfigResult.Valid valid = (ConfigResult.Valid) reader.read();
        watch = new ConfigWatch(() -> reader.read(), valid, 2, this::reload, new ReloadMeters(registry));
    }

    private void reload(ConfigDifference difference, RelayConfig next) throws UnusableConfigurationException {
        if (unusable) {
            throw new UnusableConfigurationException("cannot be applied", new IllegalStateException());
        }
        reloads.add(difference.summary());
        last = next;
    }

    private static void write(Path to, String json) throws IOException {
        Files.writeString(to, json);
    }

    private static String route(String app, String retry) {
        return "{\"mqtt_brokers\": [{\"client_id\": \"c\", \"broker_ip\": \"127.0.0.1\", \"sub_deal_config\": {"
                + "\"app_id\": \"" + app + "\", \"retry\": " + retry
                + ", \"callbackAddress\": \"http://127.0.0.1/\", \"subTopic\": {\"topic\": \"t\"}}}]}";
    }

    private void look() throws InterruptedException {
        if (watch != null) {
            watch.step(Duration.ZERO);
        }
    }

    private double count(String outcome) {
        return registry.get("relay.config.reloads")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private double successful() {
        return registry.get("relay.config.last.reload.successful").gauge().value();
    }

    @Test
    void aChangeCountsWhenTwoLooksSeeIt() throws Exception {
        look();
        write(file, route("a", "4"));
        look();
        assertThat(reloads).isEmpty();
        look();
        assertThat(reloads).containsExactly("~app a, route c: ~address http://127.0.0.1/");
        look();
        assertThat(reloads).hasSize(1);
        assertThat(count("applied")).isEqualTo(1);
    }

    @Test
    void aFileThatIsHalfWrittenAtOneLookIsNotRefused() throws Exception {
        write(file, route("b", "4").substring(0, 40));
        look();
        write(file, route("b", "4"));
        look();
        look();
        assertThat(reloads).containsExactly("+app b, route c; -app a, route c");
        assertThat(count("refused")).isZero();
    }

    @Test
    void anInvalidFileIsRefusedOnceAndTheNextChangeIsLookedAt() throws Exception {
        write(file, route("a", "-1"));
        look();
        look();
        look();
        assertThat(reloads).isEmpty();
        assertThat(count("refused")).isEqualTo(1);
        assertThat(successful()).isZero();

        write(file, route("a", "5"));
        look();
        look();
        assertThat(reloads).as("it is what runs").isEmpty();
        assertThat(successful()).isEqualTo(1);

        write(file, route("a", "6"));
        look();
        look();
        assertThat(reloads).hasSize(1);
    }

    @Test
    void refusesAnUnusableConfigAndKeepsTheRunningOneAsBase() throws Exception {
        unusable = true;
        write(file, route("a", "4"));
        look();
        look();
        assertThat(count("refused")).isEqualTo(1);

        unusable = false;
        write(file, route("b", "4"));
        look();
        look();
        assertThat(reloads).containsExactly("+app b, route c; -app a, route c");
    }

    @Test
    void whenAskedItReadsAtOnce() throws Exception {
        write(file, route("a", "4"));
        ask();
        look();
        assertThat(reloads).hasSize(1);
        ask();
        look();
        assertThat(reloads).hasSize(1);
        assertThat(count("unchanged")).isEqualTo(1);
    }

    private double restartNeeded() {
        return registry.get("relay.config.restart.needed").gauge().value();
    }

    @Test
    void reportsRestartNeededUntilTheFileMatchesTheProcess() throws Exception {
        String before = route("a", "5");
        assertThat(restartNeeded()).isZero();

        write(file, fixed(before, "20s"));
        look();
        look();
        assertThat(restartNeeded()).isEqualTo(1);
        assertThat(count("unchanged")).as("no route differs").isEqualTo(1);

        write(file, fixed(route("a", "4"), "20s"));
        look();
        look();
        assertThat(reloads).hasSize(1);
        assertThat(restartNeeded()).as("a reload applies the rest only").isEqualTo(1);

        write(file, "{");
        look();
        look();
        assertThat(restartNeeded()).as("nobody knows").isEqualTo(1);

        write(file, before);
        look();
        look();
        assertThat(restartNeeded()).isZero();
    }

    @Test
    void reportsRestartNeededAlsoForARefusedConfiguration() throws Exception {
        unusable = true;
        write(file, fixed(route("a", "4"), "20s"));
        look();
        look();
        assertThat(count("refused")).isEqualTo(1);
        assertThat(restartNeeded()).isEqualTo(1);
    }

    private static String fixed(String json, String grace) {
        return json.substring(0, json.length() - 1) + ", \"shutdown_grace\": \"" + grace + "\"}";
    }

    @Test
    void onceEndedItReadsNothing() throws Exception {
        write(file, route("a", "4"));
        ask();
        Objects.requireNonNull(watch).end();
        look();
        look();
        assertThat(reloads).isEmpty();
        assertThat(count("applied") + count("unchanged") + count("refused")).isZero();
    }

    private void ask() {
        if (watch != null) {
            watch.ask();
        }
    }

    @Test
    void reloadsAfterARenameAndAfterAChangedLink() throws Exception {
        Path other = folder.resolve("other.json");
        write(other, route("a", "4"));
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
        look();
        look();
        assertThat(reloads).hasSize(1);

        Path first = Files.createDirectory(folder.resolve("..1"));
        Path second = Files.createDirectory(folder.resolve("..2"));
        write(first.resolve("relay.json"), route("a", "1"));
        write(second.resolve("relay.json"), route("a", "2"));
        Path data = Files.createSymbolicLink(folder.resolve("..data"), first);
        reader = new ConfigFile(data.resolve("relay.json"), name -> null);
        look();
        look();
        assertThat(reloads).hasSize(2);
        Path swapped = Files.createSymbolicLink(folder.resolve("..tmp"), second);
        Files.move(swapped, data, StandardCopyOption.ATOMIC_MOVE);
        look();
        look();
        assertThat(reloads).hasSize(3);
    }

    @Test
    void aSecretThatWasRenewedIsAChange() throws Exception {
        Path secret = folder.resolve("token");
        write(secret, "one");
        write(file, route("a", "5, \"headers\": {\"x\": \"${file:token}\"}"));
        begin();
        write(secret, "two");
        look();
        look();
        assertThat(reloads).containsExactly("~app a, route c: ~address http://127.0.0.1/");
    }

    @Test
    void refusesAMissingFileAndKeepsTheConfiguration() throws Exception {
        Files.delete(file);
        look();
        look();
        assertThat(count("refused")).isEqualTo(1);
        assertThat(last).isNull();
    }
}
