package io.mqttrelay.faults;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.embedded.LoopbackPorts;
import io.mqttrelay.faults.KafkaCluster.Listener;
import io.mqttrelay.testkit.http.CallbackServer;
import io.mqttrelay.testkit.kafka.TestTopics;
import io.mqttrelay.testkit.mqtt.MosquittoConfiguration;
import io.mqttrelay.testkit.mqtt.MosquittoProcess;
import io.mqttrelay.testkit.mqtt.RequiresMosquitto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The parts of every row with one failure beside healthy neighbours: Mosquitto, Kafka, {@code ingest} and {@code dispatch}
 * under the limits of {@link Limits}, the route of the healthy neighbour {@link #good}, and the row's own routes.
 *
 * <ol>
 *   <li>Before services start: {@link #route}, {@link #entry}, {@link #neighbourKey}, {@link #within}, {@link #guardKafka}.
 *   <li>{@code ingest().ready(); dispatch().ready();} A second {@code ingest()} or {@code dispatch()} is another instance.
 *   <li>{@code Neighbour neighbour = neighbour("B01");} runs the control run. More neighbours: {@link #neighbour(String,
 *       Load.Shape, String)}, such as QoS 0 or other topics of the row's own route.
 *   <li>{@code neighbour.begin();} then the failure, for as long as it takes; {@code neighbour.feltNothing();} is the verdict.
 *   <li>Then the row removes the cause and checks that the failing part recovers. {@code RELAY_UNDER_TEST=FOLDER} in the
 *       environment runs a row with another distribution.
 * </ol>
 */
@ExtendWith({SharedCluster.class, KeptOutput.class})
@RequiresMosquitto
abstract class NeighbourScene implements KeptOutput.Scene {
    static final int PARTITIONS = 6;
    static final String PREFIX = "b";
    static final int RATE = 20;

    /** App, client id and first topic level of the healthy neighbour. */
    final String good = TestTopics.uniqueName("good");

    @TempDir
    Path folder;

    MosquittoProcess mosquitto;

    /** The neighbour's callback, at the path {@code /good}. */
    CallbackServer goodCallback;

    /** The callback of the row's own routes. */
    CallbackServer callback;

    private final @Nullable KafkaCluster cluster;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final List<String> entries = new ArrayList<>();
    private final List<String> neighbourKeys = new ArrayList<>();
    private final Map<String, String> sectionKeys = new HashMap<>();
    private final Map<RelayService, Path> configurations = new HashMap<>();
    private boolean guarded;
    private @Nullable OneBroker broker;
    private int services;

    /** Uses a Kafka with one broker for each row. */
    NeighbourScene() {
        this.cluster = null;
    }

    /** Uses three brokers that other rows use, too: as processes, behind proxies. */
    NeighbourScene(KafkaCluster cluster) {
        this.cluster = cluster;
    }

    @BeforeEach
    final void begin() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x")); // services are other users
        mosquitto = opened(mosquitto().launch());
        callback = opened(CallbackServer.start());
        goodCallback = opened(CallbackServer.start());
    }

    /** Overridden by rows with another MQTT broker. */
    MosquittoConfiguration mosquitto() {
        return MosquittoProcess.builder();
    }

    /** Overridden by rows with another single Kafka broker. */
    EmbeddedKafka.Builder kafkaBroker() {
        return EmbeddedKafka.builder();
    }

    @AfterEach
    final void end() throws Exception {
        if (cluster != null) {
            cluster.heal();
        }
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    final <T extends AutoCloseable> T opened(T resource) {
        open.push(resource);
        return resource;
    }

    /**
     * Makes the single broker authenticate services: {@link KafkaAdmin#forbid} for {@link OneBroker#USER}. Before
     * services start.
     */
    final void guardKafka() {
        guarded = true;
    }

    /** The single broker; started on first use. */
    final OneBroker broker() {
        if (broker == null) {
            broker = opened(guarded ? OneBroker.guarded(kafkaBroker()) : OneBroker.open(kafkaBroker()));
        }
        return broker;
    }

    /** Kafka as the test reaches it. */
    final String bootstrapServers() {
        return cluster == null ? broker().kafka().bootstrapServers() : cluster.bootstrapServers(Listener.DIRECT);
    }

    private String bootstrapServers(Listener listener) {
        return cluster == null ? broker().services() : cluster.bootstrapServers(listener);
    }

    /** Topic of an app's messages in Kafka. */
    static String messagesTopic(String app) {
        return PREFIX + "." + app;
    }

    static String deadTopic(String app) {
        return messagesTopic(app) + ".dead";
    }

    /**
     * Adds a route on the MQTT topics {@code app/#}, with its own connection; app and client id have this name.
     *
     * @param keys of the route, such as {@link #to} and {@code "retry": 0}; another {@code "subTopic"} wins
     */
    final void route(String app, String... keys) {
        route(app, List.of(), keys);
    }

    /**
     * As {@link #route(String, String...)}.
     *
     * @param brokerKeys of the connection, such as {@code "session_expiry": "0s"}
     */
    final void route(String app, List<String> brokerKeys, String... keys) {
        List<String> all = new ArrayList<>(List.of(keys));
        if (all.stream().noneMatch(key -> key.startsWith("\"subTopic\""))) {
            all.add("\"subTopic\": {\"topic\": \"" + app + "/#\", \"qos\": 1}");
        }
        String more = brokerKeys.stream().map(key -> ", " + key).collect(Collectors.joining());
        entry("""
                {"client_id": "%1$s", "broker_ip": "127.0.0.1", "broker_port": %2$d, "alive": 10%3$s,
                 "sub_deal_config": {"app_id": "%1$s", %4$s}}""".formatted(app, mosquitto.port(), more, String.join(", ", all)));
    }

    /** Adds a whole entry of {@code mqtt_brokers}. */
    final void entry(String json) {
        entries.add(json);
    }

    /** Adds a key of the neighbour's route, such as {@code "ordering": "app"} or another {@code callbackAddress}. */
    final void neighbourKey(String key) {
        neighbourKeys.add(key);
    }

    /**
     * Adds a key of a section: {@code kafka}, {@code consumer}, {@code producer}, {@code ingest}, {@code dispatch},
     * {@code file}.
     */
    final void within(String section, String key) {
        sectionKeys.merge(section, ", " + key, String::concat);
    }

    /** The key with the paths of {@link #callback} as addresses. */
    final String to(String... paths) {
        return FaultScene.addresses(Stream.of(paths).map(callback::url).toArray(String[]::new));
    }

    /** The neighbour's address. */
    final String goodUrl() {
        return goodCallback.url("/good");
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
        Path file = folder.resolve(name + ".json");
        write(file, configuration(bootstrapServers(listener), port));
        RelayService service = opened(RelayService.start(new RelayService.Setup(
                folder, name, command, file, port, List.of(javaOptions), Optional.empty(), true)));
        configurations.put(service, file);
        return service;
    }

    /**
     * Writes the configuration of a service again, with the keys added meanwhile; {@code SIGHUP} or its own look
     * follows.
     */
    final void configureAgain(RelayService service) {
        Listener listener = service.name().startsWith("ingest") ? Listener.INGEST : Listener.DISPATCH;
        write(configurations.get(service), configuration(bootstrapServers(listener), service.adminPort()));
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String configuration(String servers, int adminPort) {
        List<String> keys = new ArrayList<>(neighbourKeys);
        if (keys.stream().noneMatch(key -> key.startsWith("\"callbackAddress\""))) {
            keys.add(FaultScene.addresses(goodUrl()));
        }
        String more = entries.stream().map(entry -> ",\n " + entry).collect(Collectors.joining());
        String properties = cluster == null ? broker().clientProperties() : "{}";
        return """
                {"mqtt_brokers": [{"client_id": "%1$s", "broker_ip": "127.0.0.1", "broker_port": %2$d, "alive": 10,
                   "sub_deal_config": {"app_id": "%1$s", "subTopic": {"topic": "%1$s/#", "qos": 1}, %3$s}}%4$s],
                 "kafka": {"bootstrap_servers": "%5$s", "topic_prefix": "%6$s", "partitions": %7$d, "properties": %8$s,
                   "consumer": {"session.timeout.ms": 6000%9$s},
                   "producer": {%10$s}%11$s},
                 "ingest": {%12$s}, "dispatch": {"group_id": "%1$s"%13$s},
                 "admin": {"ingest_port": %14$d, "dispatch_port": %14$d}%15$s}
                """.formatted(
                        good,
                        mosquitto.port(),
                        String.join(", ", keys),
                        more,
                        servers,
                        PREFIX,
                        PARTITIONS,
                        properties,
                        keysOf("consumer"),
                        withoutComma(keysOf("producer")),
                        keysOf("kafka"),
                        withoutComma(keysOf("ingest")),
                        keysOf("dispatch"),
                        adminPort,
                        keysOf("file"));
    }

    private String keysOf(String section) {
        return sectionKeys.getOrDefault(section, "");
    }

    private static String withoutComma(String keys) {
        return keys.startsWith(", ") ? keys.substring(2) : keys;
    }

    /** The neighbour {@link #good}: 20 messages a second, QoS 1, on 8 topics; runs its control run. */
    final Neighbour neighbour(String row) {
        return neighbour(row, new Load.Shape(good, 8, RATE, 100), good);
    }

    /**
     * Another neighbour at {@link #goodUrl}; runs its control run.
     *
     * @param clientId of the route that its messages take
     */
    final Neighbour neighbour(String row, Load.Shape shape, String clientId) {
        return opened(Neighbour.afterControl(this, plan(row, shape, clientId)));
    }

    /** The neighbour {@link #good}, publishing at once, for rows that are broken from the start: no control run. */
    final Neighbour neighbourAtOnce(String row) {
        return opened(Neighbour.without(this, plan(row, new Load.Shape(good, 8, RATE, 100), good)));
    }

    private Neighbour.Plan plan(String row, Load.Shape shape, String clientId) {
        return new Neighbour.Plan(row, clientId, shape, goodCallback, "/good");
    }

    @Override
    public final String name() {
        return good;
    }

    @Override
    public final Path folder() {
        return folder;
    }

    @Override
    public final String mqttLog() {
        return mosquitto.log();
    }
}
