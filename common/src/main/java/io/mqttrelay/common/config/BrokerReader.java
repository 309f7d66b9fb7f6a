package io.mqttrelay.common.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An entry of {@code mqtt_brokers}: how to reach a broker, and the routes over it. */
final class BrokerReader {
    private static final int MAX_MQTT_STRING = 65_535;
    private static final int MQTT_PORT = 1883;
    private static final long NEVER_EXPIRES = 4_294_967_295L;

    static final Key<String> CLIENT_ID = Key.required(
            "client_id",
            TextType.of("string", (text, value) -> Texts.name(text, MAX_MQTT_STRING)),
            "MQTT client id, unique over the file; also the route's name (`relay-client-id`). Each route has a connection"
                    + " of its own: where `sub_deal_config` lists several, a route's client id and name is"
                    + " `<client_id>-<app_id>`, unique too");
    private static final Key<String> USERNAME = Key.optional(
            "username",
            TextType.of("string", (text, value) -> Texts.bounded(text, MAX_MQTT_STRING)),
            "empty means none");
    private static final Key<Secret> PASSWORD = Key.optional(
            "password",
            TextType.secret("string", (text, value) -> new Secret(Texts.bounded(text, MAX_MQTT_STRING))),
            "empty means none");
    private static final Key<Integer> ALIVE =
            Key.withDefault("alive", new IntegerType(0, 65_535), 60, "60", "keep-alive, seconds; 0 switches it off");
    private static final Key<String> BROKER_IP = Key.optional(
            "broker_ip",
            TextType.of("host name or address", (text, value) -> Hosts.host(text)),
            "required unless there is `broker_addresses`");
    private static final Key<Integer> BROKER_PORT =
            Key.withDefault("broker_port", new IntegerType(1, 65_535), MQTT_PORT, "1883", "");
    private static final Key<List<HostPort>> BROKER_ADDRESSES = Key.optional(
            "broker_addresses",
            ListType.of(TextType.of("`host:port`", (text, value) -> Hosts.hostPort(text)), 1, 100),
            "instead of the two above: tried in turn at every (re)connect");
    private static final Key<MqttVersion> MQTT_VERSION =
            Key.withDefault("mqtt_version", new MqttVersionType(), MqttVersion.V5, "5", "3 means MQTT 3.1.1");
    private static final Key<Tls.SwitchType.Choice> TLS = Key.withDefault(
            "tls", new Tls.SwitchType(), new Tls.SwitchType.Choice(null), "false", "`true`: the JVM's trust store");
    private static final Key<String> WEBSOCKET_PATH = Key.optional(
            "websocket_path",
            TextType.of("path", (text, value) -> Texts.webSocketPath(text)),
            "connect over WebSocket; `/` is the root");
    private static final Key<Duration> SESSION_EXPIRY = Key.withDefault(
            "session_expiry",
            DurationType.between("0s", NEVER_EXPIRES + "s"),
            Duration.ofDays(7),
            "\"7d\"",
            "the broker keeps the session (and queues QoS 1 and 2) this long while ingest is away; `0s` is a clean session:"
                    + " what is published while ingest is away is lost");
    private static final Key<Integer> RECEIVE_MAXIMUM = Key.withDefault(
            "receive_maximum",
            new IntegerType(1, 65_535),
            65_535,
            "65535",
            "MQTT 5: messages the broker may have sent and not yet got acknowledged. Smaller values stall some brokers"
                    + " (Mosquitto 2.0.11 livelocks on a backlog); memory is bounded by `ingest.max_unacked` instead");
    private static final Key<String> SHARED_GROUP = Key.optional(
            "shared_group",
            TextType.of("string without `/`, `+` and `#`", (text, value) -> Texts.shareName(text)),
            "subscribe as `$share/<group>/<filter>`, so that several ingest replicas split the messages; each replica then"
                    + " connects as `<client_id>-<instance>`, instance = `RELAY_INSTANCE` or the host name");
    private static final Key<Boolean> SHARED_LEAVE = Key.withDefault(
            "shared_leave",
            new BooleanType(),
            false,
            "false",
            "`true`: a replica that is stopped unsubscribes, receives the messages left in its session and ends the session,"
                    + " all within `shutdown_grace`, else the session is kept and the log says so. `false`: its session"
                    + " keeps its share of the messages until the replica is back");
    private static final Key<Boolean> RETAINED = Key.withDefault(
            "retained",
            new ChoiceType<>(ordered("deliver", "skip"), Map.of(), Set.of()),
            true,
            "\"deliver\"",
            "whether messages that were retained before the subscription are delivered");
    static final Key<List<Fields>> SUB_DEAL_CONFIG = Key.required(
            "sub_deal_config", ListType.oneOrMore(new SectionType(RouteSection.SECTION)), "the apps' subscriptions");

    static final Section SECTION = new Section(
            "mqtt_brokers",
            "One entry, one broker (or broker cluster).",
            List.of(
                    CLIENT_ID,
                    USERNAME,
                    PASSWORD,
                    ALIVE,
                    BROKER_IP,
                    BROKER_PORT,
                    BROKER_ADDRESSES,
                    MQTT_VERSION,
                    TLS,
                    WEBSOCKET_PATH,
                    SESSION_EXPIRY,
                    RECEIVE_MAXIMUM,
                    SHARED_GROUP,
                    SHARED_LEAVE,
                    RETAINED,
                    SUB_DEAL_CONFIG));

    private BrokerReader() {}

    private static Map<String, Boolean> ordered(String deliver, String skip) {
        Map<String, Boolean> words = new LinkedHashMap<>();
        words.put(deliver, true);
        words.put(skip, false);
        return words;
    }

    /**
     * Reads the routes over this broker and reports their problems.
     *
     * @param clientId null: it is wrong and was reported
     */
    static List<Route> routes(Fields fields, @Nullable String clientId, RouteReader routes) {
        Broker broker = broker(fields);
        List<Fields> entries = fields.find(SUB_DEAL_CONFIG);
        if (entries == null) {
            return List.of();
        }
        List<Route> read = new ArrayList<>();
        for (Fields entry : entries) {
            Route route = routes.route(entry, broker, clientId, entries.size() > 1);
            if (route != null) {
                read.add(route);
            }
        }
        return read;
    }

    private static Broker broker(Fields fields) {
        List<HostPort> addresses = addresses(fields);
        TlsSettings tls = fields.get(TLS).settings();
        Broker broker = new Broker(
                emptyToNull(fields.find(USERNAME)),
                password(fields),
                fields.get(ALIVE),
                addresses,
                fields.get(MQTT_VERSION),
                tls,
                fields.find(WEBSOCKET_PATH),
                sessionExpiry(fields),
                fields.get(RECEIVE_MAXIMUM),
                fields.find(SHARED_GROUP),
                fields.get(RETAINED),
                fields.get(SHARED_LEAVE),
                new Broker.Shown(shown(fields, USERNAME), withoutSlash(shown(fields, WEBSOCKET_PATH))));
        warn(fields, broker);
        return broker;
    }

    private static @Nullable String emptyToNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    /** The value with {@code ***} in place of values of references; null: there is no value. */
    private static @Nullable String shown(Fields fields, Key<String> key) {
        Value written = fields.find(key) == null ? null : fields.written(key);
        Substitution.Filled filled = written == null ? null : written.filled();
        return filled == null ? null : emptyToNull(filled.shown());
    }

    private static @Nullable String withoutSlash(@Nullable String path) {
        return path != null && path.startsWith("/") ? path.substring(1) : path;
    }

    private static @Nullable Secret password(Fields fields) {
        Secret password = fields.find(PASSWORD);
        if (password == null || password.reveal().isEmpty()) {
            return null;
        }
        if (emptyToNull(fields.find(USERNAME)) == null
                && !fields.isWrong(USERNAME)
                && fields.get(MQTT_VERSION) == MqttVersion.V3_1_1) {
            fields.problem(PASSWORD, "needs a username beside it: MQTT 3.1.1 has no password alone");
        }
        return password;
    }

    private static List<HostPort> addresses(Fields fields) {
        if (fields.has(BROKER_ADDRESSES)) {
            for (Key<?> instead : List.of(BROKER_IP, BROKER_PORT)) {
                if (fields.has(instead)) {
                    fields.problem(instead, "must not be given beside broker_addresses");
                }
            }
            List<HostPort> addresses = fields.find(BROKER_ADDRESSES);
            return addresses == null ? List.of() : addresses.stream().distinct().toList();
        }
        if (!fields.has(BROKER_IP)) {
            fields.problem(BROKER_IP, "is required (or broker_addresses)");
        }
        String host = fields.find(BROKER_IP);
        return host == null ? List.of() : List.of(new HostPort(host, fields.get(BROKER_PORT)));
    }

    private static Duration sessionExpiry(Fields fields) {
        Duration expiry = fields.get(SESSION_EXPIRY);
        if (expiry.toMillisPart() != 0) {
            fields.problem(SESSION_EXPIRY, "must be whole seconds: MQTT counts in them");
        } else if (expiry.isZero()) {
            fields.warn(SESSION_EXPIRY, "a clean session: messages published while ingest is away are lost");
        }
        return expiry;
    }

    private static void warnOfVersion5Only(Fields fields) {
        if (fields.has(RECEIVE_MAXIMUM)) {
            fields.warn(RECEIVE_MAXIMUM, "has no effect with MQTT 3.1.1, which does not know it");
        }
        if (fields.has(SESSION_EXPIRY) && !fields.get(SESSION_EXPIRY).isZero()) {
            fields.warn(
                    SESSION_EXPIRY,
                    "MQTT 3.1.1 does not know it: the broker's own settings say how long it keeps the session");
        }
        if (fields.get(SHARED_LEAVE)) {
            fields.warn(SHARED_LEAVE, "MQTT 3.1.1 cannot end the session: the broker keeps it, without subscriptions");
        }
    }

    private static void warn(Fields fields, Broker broker) {
        if (broker.receiveMaximum() < MAX_MQTT_STRING && broker.mqttVersion() == MqttVersion.V5) {
            fields.warn(
                    RECEIVE_MAXIMUM,
                    "below 65535 some brokers stall for good on a backlog (Mosquitto 2.0.11); bound memory with"
                            + " ingest.max_unacked instead");
        }
        if (broker.mqttVersion() == MqttVersion.V3_1_1) {
            warnOfVersion5Only(fields);
        }
        boolean away = broker.addresses().stream().anyMatch(address -> !Hosts.isLoopback(address.host()));
        if (broker.password() != null && broker.tls() == null && away) {
            fields.warn(PASSWORD, "crosses the network in clear: switch tls on");
        }
        if (broker.tls() != null && fields.has(BROKER_IP) && !fields.has(BROKER_PORT)) {
            fields.warn(TLS, "the port is " + MQTT_PORT + " (the default); brokers mostly speak TLS on 8883");
        }
        if (broker.sharedGroup() == null && broker.sharedLeave()) {
            fields.warn(SHARED_LEAVE, "has no effect without shared_group");
        }
        if (broker.sharedGroup() != null && broker.mqttVersion() == MqttVersion.V3_1_1) {
            fields.warn(SHARED_GROUP, "MQTT 3.1.1 knows no shared subscriptions; not every broker offers them there");
        }
    }
}
