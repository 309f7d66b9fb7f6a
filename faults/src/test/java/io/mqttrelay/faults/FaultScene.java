package io.mqttrelay.faults;

import io.mqttrelay.embedded.LoopbackPorts;
import io.mqttrelay.faults.KafkaCluster.Listener;
import io.mqttrelay.faults.mutant.Mutant;
import io.mqttrelay.testkit.http.CallbackServer;
import io.mqttrelay.testkit.kafka.TestTopics;
import io.mqttrelay.testkit.mqtt.MosquittoConfiguration;
import io.mqttrelay.testkit.mqtt.MosquittoProcess;
import io.mqttrelay.testkit.mqtt.RequiresMosquitto;
import io.mqttrelay.testkit.net.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The parts of every row: publisher, Mosquitto, a proxy, {@code ingest}, three Kafka brokers behind proxies, {@code
 * dispatch}, a proxy, callbacks. Each row has its own app, topics, group and client id.
 */
@ExtendWith({SharedCluster.class, KeptOutput.class})
@RequiresMosquitto
abstract class FaultScene implements KeptOutput.Scene {
    static final int PARTITIONS = 6;
    private static final String PREFIX = "f";

    final KafkaCluster kafka;
    final String app = TestTopics.uniqueName("row");

    @TempDir
    Path folder;

    MosquittoProcess mosquitto;
    TcpProxy mqtt;
    CallbackServer callback;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final List<String> routeKeys = new ArrayList<>();
    private final List<String> topKeys = new ArrayList<>();
    private final Map<String, String> sectionKeys = new HashMap<>();
    private Optional<Path> output = Optional.empty();
    private Mutant mutant = Mutant.NONE;
    private int services;

    FaultScene(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    @Override
    public final String name() {
        return app;
    }

    @Override
    public final Path folder() {
        return folder;
    }

    @Override
    public final String mqttLog() {
        return mosquitto.log();
    }

    /** Runs a program that is broken like this. */
    final void broken(Mutant how) {
        mutant = how;
    }

    final Mutant mutant() {
        return mutant;
    }

    @BeforeEach
    final void begin() {
        mosquitto = opened(mosquitto().launch());
        mqtt = opened(TcpProxy.to(mosquitto.port()));
        callback = opened(CallbackServer.start());
    }

    /** Overridden by rows with another broker. */
    MosquittoConfiguration mosquitto() {
        return MosquittoProcess.builder();
    }

    @AfterEach
    final void end() throws Exception {
        kafka.heal();
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    final <T extends AutoCloseable> T opened(T resource) {
        open.push(resource);
        return resource;
    }

    /** Adds a key of the route, such as {@code "retry": 0}. Before services start. */
    final void route(String key) {
        routeKeys.add(key);
    }

    /** Adds a key of the file, such as {@code "ingest": {}}. Before services start. */
    final void file(String key) {
        topKeys.add(key);
    }

    /**
     * Adds a key of a section that every row has: {@code broker}, {@code kafka}, {@code consumer} or {@code dispatch}.
     * Before services start.
     */
    final void within(String section, String key) {
        sectionKeys.merge(section, ", " + key, String::concat);
    }

    private String keysOf(String section) {
        return sectionKeys.getOrDefault(section, "");
    }

    /** Sets the output of services that start from now on, such as a pipe; the test must not read it. */
    final void printTo(Path pipe) {
        output = Optional.of(pipe);
    }

    final RelayService ingest(String... javaOptions) {
        return service("ingest", Listener.INGEST, javaOptions);
    }

    final RelayService dispatch(String... javaOptions) {
        return service("dispatch", Listener.DISPATCH, javaOptions);
    }

    private RelayService service(String command, Listener listener, String... javaOptions) {
        String name = command + "-" + ++services;
        int port = LoopbackPorts.free();
        List<String> options = Stream.concat(Stream.of(javaOptions), mutant.javaOptions().stream())
                .toList();
        Path configuration = configuration(name, kafka.bootstrapServers(listener), port);
        return opened(RelayService.start(
                new RelayService.Setup(folder, name, command, configuration, port, options, output, false)));
    }

    private Path configuration(String name, String bootstrapServers, int adminPort) {
        String text = """
                {"mqtt_brokers": [{"client_id": "%1$s", "broker_ip": "127.0.0.1", "broker_port": %2$d, "alive": 10%9$s,
                   "sub_deal_config": {"app_id": "%1$s", "subTopic": {"topic": "%1$s/#", "qos": 1}, %3$s}}],
                 "kafka": {"bootstrap_servers": "%4$s", "topic_prefix": "%5$s", "partitions": %6$d,
                   "consumer": {"session.timeout.ms": 6000, "heartbeat.interval.ms": 1000%12$s}%10$s},
                 "dispatch": {"group_id": "%1$s"%11$s}, "admin": {"ingest_port": %7$d, "dispatch_port": %7$d}%8$s}
                """.formatted(
                        app,
                        mqtt.port(),
                        String.join(", ", routeKeys.isEmpty() ? List.of(to("/a")) : routeKeys),
                        bootstrapServers,
                        PREFIX,
                        PARTITIONS,
                        adminPort,
                        topKeys.stream().map(key -> ", " + key).collect(Collectors.joining()),
                        keysOf("broker"),
                        keysOf("kafka"),
                        keysOf("dispatch"),
                        keysOf("consumer"));
        try {
            return Files.writeString(folder.resolve(name + ".json"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The key with the callback's paths as addresses. */
    final String to(String... paths) {
        return addresses(Stream.of(paths).map(callback::url).toArray(String[]::new));
    }

    /** The key with these addresses. */
    static String addresses(String... urls) {
        return "\"callbackAddress\": ["
                + Stream.of(urls).map(url -> '"' + url + '"').collect(Collectors.joining(", ")) + "]";
    }

    /** Messages that the broker sends again since connections of {@code ingest} ended: these may be repeated. */
    final int unacknowledged() {
        return Unacknowledged.in(mosquitto.log(), app);
    }

    final String messagesTopic() {
        return PREFIX + "." + app;
    }

    final String deadTopic() {
        return PREFIX + "." + app + ".dead";
    }

    /** Begins to publish, and to check. */
    final Run run(String row, int perSecond, String... paths) {
        return opened(Run.begin(row, this, new Load.Shape(app, 50, perSecond, 500), List.of(paths)));
    }
}
