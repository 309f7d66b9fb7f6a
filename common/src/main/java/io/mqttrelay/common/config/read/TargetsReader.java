package io.mqttrelay.common.config.read;

import io.mqttrelay.common.config.TargetSettings;
import io.mqttrelay.common.config.destination.JdbcTarget;
import io.mqttrelay.common.config.destination.KafkaTarget;
import io.mqttrelay.common.config.destination.MqttTarget;
import io.mqttrelay.common.config.value.HostPort;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.settings.Fields;
import io.mqttrelay.common.settings.IntegerType;
import io.mqttrelay.common.settings.Key;
import io.mqttrelay.common.settings.MapType;
import io.mqttrelay.common.settings.Section;
import io.mqttrelay.common.settings.TextType;
import io.mqttrelay.common.settings.TextType.WrongException;
import io.mqttrelay.common.settings.Texts;
import io.mqttrelay.common.settings.Type;
import io.mqttrelay.common.settings.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The {@code targets} section. */
final class TargetsReader {
    private static final String JDBC_PREFIX = "jdbc:";

    private static final Key<String> BOOTSTRAP_SERVERS = Key.required(
            "bootstrap_servers",
            TextType.of("`host:port,host:port`", (text, value) -> KafkaReader.servers(text)),
            "brokers to ask for all others");
    private static final Key<Map<String, Secret>> KAFKA_PROPERTIES =
            Key.optional("properties", KafkaProperties.producer(), "passed to the producer (TLS, SASL, ...)");
    private static final Section KAFKA_SECTION = new Section(
            "targets kafka",
            "A Kafka cluster, for `kafka://NAME/TOPIC`.",
            List.of(BOOTSTRAP_SERVERS, KAFKA_PROPERTIES));

    private static final Key<String> CLIENT_ID =
            Key.derived("client_id", BrokerSection.CLIENT_ID.type(), "made by the relay", "MQTT client id");
    private static final Section MQTT_SECTION = new Section(
            "targets mqtt",
            "An MQTT broker, for `mqtt://NAME/TOPIC`.",
            List.of(
                    CLIENT_ID,
                    BrokerSection.USERNAME,
                    BrokerSection.PASSWORD,
                    BrokerSection.ALIVE,
                    BrokerSection.BROKER_IP,
                    BrokerSection.BROKER_PORT,
                    BrokerSection.BROKER_ADDRESSES,
                    BrokerSection.MQTT_VERSION,
                    BrokerSection.TLS,
                    BrokerSection.WEBSOCKET_PATH));

    private static final Key<Secret> URL = Key.required(
            "url",
            TextType.secret("JDBC URL", (text, value) -> jdbcUrl(text)),
            "such as `jdbc:postgresql://host/database`");
    private static final Key<String> USERNAME = Key.optional("username", TextType.any("string"), "empty means none");
    private static final Key<Secret> PASSWORD = Key.optional(
            "password",
            TextType.secret("string", (text, value) -> new Secret(Texts.unicode(text))),
            "empty means none");
    private static final Key<Integer> POOL_SIZE =
            Key.withDefault("pool_size", new IntegerType(1, 1000), 8, "8", "connections at most, in one dispatcher");
    private static final Key<Map<String, Secret>> JDBC_PROPERTIES = Key.optional(
            "properties",
            new MapType<>("object of driver properties", TargetsReader::property, Type.schemaOf("string")),
            "passed to the driver");
    private static final Section JDBC_SECTION = new Section(
            "targets jdbc",
            "A database, for `jdbc://NAME`.",
            List.of(URL, USERNAME, PASSWORD, POOL_SIZE, JDBC_PROPERTIES));

    private static final Key<Map<String, Fields>> KAFKA = Key.optional("kafka", MapType.of(KAFKA_SECTION), "");
    private static final Key<Map<String, Fields>> MQTT = Key.optional("mqtt", MapType.of(MQTT_SECTION), "");
    private static final Key<Map<String, Fields>> JDBC = Key.optional("jdbc", MapType.of(JDBC_SECTION), "");

    static final Section SECTION = new Section(
            "targets",
            "Connections by the names that addresses use: `kafka://NAME/TOPIC`, `mqtt://NAME/TOPIC`, `jdbc://NAME`.",
            List.of(KAFKA, MQTT, JDBC));

    private TargetsReader() {}

    private static Secret jdbcUrl(String text) throws WrongException {
        if (!text.startsWith(JDBC_PREFIX) || text.length() == JDBC_PREFIX.length()) {
            throw new WrongException("must start with " + JDBC_PREFIX + ", such as jdbc:postgresql://host/database");
        }
        return new Secret(Texts.unicode(text));
    }

    private static @Nullable Secret property(String name, Value value) {
        return TextType.secret("string", (text, unused) -> new Secret(Texts.unicode(text)))
                .read(value);
    }

    static TargetSettings targets(Fields fields) {
        return new TargetSettings(
                read(fields, KAFKA, TargetsReader::kafka),
                read(fields, MQTT, TargetsReader::mqtt),
                read(fields, JDBC, TargetsReader::jdbc));
    }

    private static <T> List<T> read(
            Fields fields, Key<Map<String, Fields>> key, BiFunction<String, Fields, @Nullable T> entry) {
        List<T> read = new ArrayList<>();
        Map<String, Fields> entries = fields.find(key);
        if (entries != null) {
            entries.forEach((name, each) -> {
                T one = entry.apply(name, each);
                if (one != null) {
                    read.add(one);
                }
            });
        }
        return read;
    }

    private static @Nullable KafkaTarget kafka(String name, Fields fields) {
        String servers = fields.find(BOOTSTRAP_SERVERS);
        Map<String, Secret> properties = fields.find(KAFKA_PROPERTIES);
        return servers == null ? null : new KafkaTarget(name, servers, properties == null ? Map.of() : properties);
    }

    private static @Nullable MqttTarget mqtt(String name, Fields fields) {
        List<HostPort> addresses = BrokerReader.addresses(fields);
        Secret password = BrokerReader.password(fields);
        return addresses.isEmpty()
                ? null
                : new MqttTarget(
                        name,
                        fields.find(CLIENT_ID),
                        BrokerReader.emptyToNull(fields.find(BrokerSection.USERNAME)),
                        password,
                        fields.get(BrokerSection.ALIVE),
                        addresses,
                        fields.get(BrokerSection.MQTT_VERSION),
                        fields.get(BrokerSection.TLS).settings(),
                        fields.find(BrokerSection.WEBSOCKET_PATH));
    }

    private static @Nullable JdbcTarget jdbc(String name, Fields fields) {
        Secret url = fields.find(URL);
        Secret password = fields.find(PASSWORD);
        Map<String, Secret> properties = fields.find(JDBC_PROPERTIES);
        return url == null
                ? null
                : new JdbcTarget(
                        name,
                        url,
                        BrokerReader.emptyToNull(fields.find(USERNAME)),
                        password == null || password.reveal().isEmpty() ? null : password,
                        fields.get(POOL_SIZE),
                        properties == null ? Map.of() : properties);
    }
}
