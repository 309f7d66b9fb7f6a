package io.mqttrelay.dispatch.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.read.ConfigReader;
import io.mqttrelay.common.config.read.ConfigResult;
import io.mqttrelay.common.kafka.KafkaClients;
import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.common.thread.RoleThread;
import io.mqttrelay.common.thread.StopRequest;
import io.mqttrelay.embedded.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The number of open failures, as a dispatcher reports it. */
final class OpenFailuresIT extends DeadLetterScene {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final List<RoleThread> threads = new CopyOnWriteArrayList<>();

    OpenFailuresIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    private void count(int bound) {
        var unused = count(loaded(config).routes(), bound);
    }

    private OpenFailures count(Collection<Route> routes, int bound) {
        KafkaClients clients = new KafkaClients(loaded(config).kafka(), "test");
        OpenFailures role = new OpenFailures(
                () -> clients.reader("open", OpenFailures.FETCH_BYTES, Duration.ofMillis(100)),
                routes,
                names,
                registry,
                () -> true,
                System::nanoTime,
                bound);
        RoleThread thread = new RoleThread("test-open-failures", role, failures::add);
        threads.add(thread);
        thread.start();
        return role;
    }

    private static RelayConfig loaded(Path file) {
        return ((ConfigResult.Valid) ConfigReader.read(file, name -> null)).config();
    }

    @AfterEach
    void end() throws InterruptedException {
        for (RoleThread thread : threads) {
            thread.stop();
            assertThat(thread.join(PATIENCE)).isTrue();
        }
        assertThat(failures).isEmpty();
    }

    /** The value for all addresses with this scheme, host and port; -1: there is no meter. */
    private double open(String app, String origin) {
        List<Gauge> gauges = registry.find("relay.dispatch.dead.letters").tags("app_id", app).gauges().stream()
                .filter(gauge -> String.valueOf(gauge.getId().getTag("address"))
                        .replaceFirst("#[0-9a-f]{8}$", "")
                        .equals(origin))
                .toList();
        return gauges.isEmpty() ? -1 : gauges.stream().mapToDouble(Gauge::value).sum();
    }

    @Test
    void twoAddressesOfOneHostAreCountedApart() {
        die("id-1", "a", DeadReason.REJECTED, ONE);
        die("id-2", "a", DeadReason.REJECTED, TWO);
        die("id-3", "a", DeadReason.REJECTED, TWO);
        producer.flush();
        count(OpenFailures.BOUND);
        awaitOpen("app", "http://127.0.0.1:9", 3);
        assertThat(registry.find("relay.dispatch.dead.letters").gauges())
                .filteredOn(gauge -> gauge.value() > 0)
                .allMatch(gauge -> "route".equals(gauge.getId().getTag("client_id")))
                .extracting(Gauge::value)
                .containsExactlyInAnyOrder(1.0, 2.0);
    }

    private void awaitOpen(String app, String address, int count) {
        await().atMost(PATIENCE).until(() -> open(app, address) == count);
    }

    @Test
    void countsExistingAndLaterEntries() throws Exception {
        die("id-1", "a", DeadReason.REJECTED, ONE);
        die("id-1", "a", DeadReason.EXPIRED, ONE);
        die("id-2", "a", DeadReason.REJECTED, TWO);
        die(message("id-3", "a"), DeadReason.NO_ROUTE, null, 1);
        producer.flush();
        count(OpenFailures.BOUND);
        awaitOpen("app", "http://127.0.0.1:9", 2);
        assertThat(open("app", "")).isEqualTo(1);
        assertThat(open("other", "http://127.0.0.1:9")).isZero();

        die("id-4", "a", DeadReason.REJECTED, ONE);
        producer.flush();
        awaitOpen("app", "http://127.0.0.1:9", 3);
        replayAll();
        awaitOpen("app", "http://127.0.0.1:9", 0);
        awaitOpen("app", "", 0);
    }

    @Test
    void anAddressThatComesOrGoesWithAReloadIsShownOrNotAtOnce() throws IOException {
        OpenFailures role = count(ofApp(config), OpenFailures.BOUND);
        awaitOpen("app", "http://127.0.0.1:9", 0);

        // there is no dead letter and no topic: only the reload makes the meter appear
        role.routes(ofApp(configuration("\"callbackAddress\": [\"" + TWO + "\", \"http://127.0.0.1:8/\"]")));
        awaitOpen("app", "http://127.0.0.1:8", 0);
        role.routes(ofApp(configuration("\"callbackAddress\": \"" + TWO + "\"")));
        awaitOpen("app", "http://127.0.0.1:8", -1);
    }

    @Test
    void anAppThatComesWithAReloadIsNotShownBeforeItWasCounted() throws IOException {
        die(message("other", "otherroute", "id-1", "a", new byte[1]), DeadReason.REJECTED, "http://127.0.0.1:9/o", 1);
        producer.flush();
        OpenFailures role = count(ofApp(config), OpenFailures.BOUND);
        awaitOpen("app", "http://127.0.0.1:9", 0);

        role.routes(loaded(configuration("\"callbackAddress\": [\"" + TWO + "\", \"http://127.0.0.1:8/\"]"))
                .routes());
        awaitOpen("app", "http://127.0.0.1:8", 0); // from now on, the other app is in the configuration
        die("id-2", "a", DeadReason.REJECTED, TWO);
        producer.flush();
        awaitOpen("app", "http://127.0.0.1:9", 1);
        assertThat(open("other", "http://127.0.0.1:9")).as("never 0").isNotZero();
        await().atMost(PATIENCE).until(() -> open("other", "http://127.0.0.1:9") >= 0);
        assertThat(open("other", "http://127.0.0.1:9")).as("never 0").isEqualTo(1);
    }

    private void replayAll() throws Exception {
        RelayConfig loaded = loaded(config);
        StopRequest stop = new StopRequest();
        ReplayRun.Tools tools = new ReplayRun.Tools(
                new KafkaClients(loaded.kafka(), "test"),
                loaded.kafka(),
                stop,
                ProgressListener.NONE,
                new ReplayRate(0, stop, System::nanoTime));
        ReplayReport report = new ReplayReport("app", ReplayRun.Source.DEAD_LETTERS, false, "run");
        ReplayRun.ofDeadLetters(tools, loaded, "app", Selection.ALL).run(report, plan -> {});
        assertThat(report.isComplete()).isTrue();
    }

    private static List<Route> ofApp(Path file) {
        return loaded(file).routes().stream()
                .filter(route -> route.appId().equals("app"))
                .toList();
    }

    @Test
    void beyondItsBoundItSaysSo() {
        for (int i = 0; i < 5; i++) {
            die("id-" + i, "a", DeadReason.REJECTED, ONE);
        }
        producer.flush();
        count(3);
        awaitOpen("app", "http://127.0.0.1:9", 3);
        assertThat(registry.get("relay.dispatch.dead.letters.incomplete")
                        .gauge()
                        .value())
                .isEqualTo(1);
    }
}
