package io.mqttrelay.common.config.read;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttrelay.common.config.read.value.Hosts;
import io.mqttrelay.common.config.read.value.Tls;
import io.mqttrelay.common.config.value.HostPort;
import io.mqttrelay.common.config.value.MqttVersion;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.settings.BooleanType;
import io.mqttrelay.common.settings.ChoiceType;
import io.mqttrelay.common.settings.DurationType;
import io.mqttrelay.common.settings.Fields;
import io.mqttrelay.common.settings.IntegerType;
import io.mqttrelay.common.settings.Key;
import io.mqttrelay.common.settings.ListType;
import io.mqttrelay.common.settings.Section;
import io.mqttrelay.common.settings.SectionType;
import io.mqttrelay.common.settings.TextType;
import io.mqttrelay.common.settings.TextType.WrongException;
import io.mqttrelay.common.settings.Texts;
import io.mqttrelay.common.settings.Type;
import io.mqttrelay.common.settings.Value;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The keys of {@code mqtt_brokers}. */
final class BrokerSection {
    static final int MAX_MQTT_STRING = 65_535;
    static final int MQTT_PORT = 1883;
    private static final long NEVER_EXPIRES = 4_294_967_295L;

    static final Key<String> CLIENT_ID = Key.required(
            "client_id",
            TextType.of("string", (text, value) -> Texts.name(text, MAX_MQTT_STRING)),
            "MQTT client id, unique over the file; also the route's name (`relay-client-id`). Each route has a connection"
                    + " of its own: where `sub_deal_config` lists several, a route's client id and name is"
                    + " `<client_id>-<app_id>`, unique too");
    static final Key<String> USERNAME = Key.optional(
            "username", TextType.of("string", (text, value) -> bounded(text, MAX_MQTT_STRING)), "empty means none");
    static final Key<Secret> PASSWORD = Key.optional(
            "password",
            TextType.secret("string", (text, value) -> new Secret(bounded(text, MAX_MQTT_STRING))),
            "empty means none");
    static final Key<Integer> ALIVE =
            Key.withDefault("alive", new IntegerType(0, 65_535), 60, "60", "keep-alive, seconds; 0 switches it off");
    static final Key<String> BROKER_IP = Key.optional(
            "broker_ip",
            TextType.of("host name or address", (text, value) -> Hosts.host(text)),
            "required unless there is `broker_addresses`");
    static final Key<Integer> BROKER_PORT =
            Key.withDefault("broker_port", new IntegerType(1, 65_535), MQTT_PORT, "1883", "");
    static final Key<List<HostPort>> BROKER_ADDRESSES = Key.optional(
            "broker_addresses",
            ListType.of(TextType.of("`host:port`", (text, value) -> Hosts.hostPort(text)), 1, 100),
            "instead of the two above: tried in turn at every (re)connect");
    static final Key<MqttVersion> MQTT_VERSION =
            Key.withDefault("mqtt_version", new MqttVersionType(), MqttVersion.V5, "5", "3 means MQTT 3.1.1");
    static final Key<Tls.SwitchType.Choice> TLS = Key.withDefault(
            "tls", new Tls.SwitchType(), new Tls.SwitchType.Choice(null), "false", "`true`: the JVM's trust store");
    static final Key<String> WEBSOCKET_PATH = Key.optional(
            "websocket_path",
            TextType.of("path", (text, value) -> webSocketPath(text)),
            "connect over WebSocket; `/` is the root");
    static final Key<Duration> SESSION_EXPIRY = Key.withDefault(
            "session_expiry",
            DurationType.between("0s", NEVER_EXPIRES + "s"),
            Duration.ofDays(7),
            "\"7d\"",
            "the broker keeps the session (and queues QoS 1 and 2) this long while ingest is away; `0s` is a clean session:"
                    + " what is published while ingest is away is lost");
    static final Key<Integer> RECEIVE_MAXIMUM = Key.withDefault(
            "receive_maximum",
            new IntegerType(1, 65_535),
            65_535,
            "65535",
            "MQTT 5: messages the broker may have sent and not yet got acknowledged. Smaller values stall some brokers"
                    + " (Mosquitto 2.0.11 livelocks on a backlog); memory is bounded by `ingest.max_unacked` instead");
    static final Key<String> SHARED_GROUP = Key.optional(
            "shared_group",
            TextType.of("string without `/`, `+` and `#`", (text, value) -> shareName(text)),
            "subscribe as `$share/<group>/<filter>`, so that several ingest replicas split the messages; each replica then"
                    + " connects as `<client_id>-<instance>`, instance = `RELAY_INSTANCE` or the host name");
    static final Key<Boolean> SHARED_LEAVE = Key.withDefault(
            "shared_leave",
            new BooleanType(),
            false,
            "false",
            "`true`: a replica that is stopped unsubscribes, receives the messages left in its session and ends the session,"
                    + " all within `shutdown_grace`, else the session is kept and the log says so. `false`: its session"
                    + " keeps its share of the messages until the replica is back");
    static final Key<Boolean> RETAINED = Key.withDefault(
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

    private BrokerSection() {}

    private static Map<String, Boolean> ordered(String deliver, String skip) {
        Map<String, Boolean> words = new LinkedHashMap<>();
        words.put(deliver, true);
        words.put(skip, false);
        return words;
    }

    /** Accepts a string that MQTT allows. */
    private static String bounded(String text, int maxBytes) throws WrongException {
        if (Texts.unicode(text).indexOf('\0') >= 0) {
            throw new WrongException("must not contain U+0000");
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
            throw new WrongException("must have at most " + maxBytes + " bytes");
        }
        return text;
    }

    /** Accepts the path of a WebSocket; returns it without the leading slash. */
    private static String webSocketPath(String text) throws WrongException {
        Texts.nonEmpty(text);
        if (!text.codePoints().allMatch(c -> c > ' ' && c < 0x7F && c != '#' && c != '?')) {
            throw new WrongException("must be the path of a URL such as /mqtt");
        }
        return text.startsWith("/") ? text.substring(1) : text;
    }

    /**
     * Accepts the name of a shared subscription.
     *
     * @see <a href="https://docs.oasis-open.org/mqtt/mqtt/v5.0/mqtt-v5.0.html">MQTT 5.0, section 4.8.2</a>
     */
    private static String shareName(String text) throws WrongException {
        if (text.codePoints().anyMatch(c -> c == '/' || c == '+' || c == '#')) {
            throw new WrongException("must not contain /, + or #");
        }
        return Texts.name(text, 1024);
    }

    /** 5, or 3 for MQTT 3.1.1. */
    private record MqttVersionType() implements Type<MqttVersion> {
        private static final IntegerType NUMBER = new IntegerType(3, 5);

        @Override
        public @Nullable MqttVersion read(Value value) {
            if (!value.json().isIntegralNumber() && !value.isReference()) {
                value.expected(describe());
                return null;
            }
            Integer number = NUMBER.read(value);
            if (number == null) {
                return null;
            }
            if (number == 4) {
                value.expected(describe());
                return null;
            }
            return number == 5 ? MqttVersion.V5 : MqttVersion.V3_1_1;
        }

        @Override
        public String describe() {
            return "5 or 3";
        }

        @Override
        public ObjectNode schema() {
            ObjectNode versions = Type.schemaOf("integer");
            versions.putArray("enum").add(5).add(3);
            return Type.orReference(versions);
        }

        @Override
        public boolean takesNull() {
            return false;
        }
    }
}
