package io.mqttrelay.common.config.read;

import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.settings.MapType;
import io.mqttrelay.common.settings.Type;
import io.mqttrelay.common.settings.Value;
import io.mqttrelay.common.text.NearestKey;
import io.mqttrelay.common.text.Printable;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings that are passed to the Kafka clients. It accepts only settings that a client knows, with values
 * that the client accepts, and none that would break the relay's guarantees.
 */
final class KafkaProperties {
    private static final String ORDER_AND_LOSS = "messages could be lost, doubled or overtaken";
    private static final String POSITIONS = "the relay keeps its positions itself, or messages could be skipped";
    private static final String BYTES = "the relay writes and reads bytes";
    private static final String FOREIGN_CODE = "it would run foreign code within the relay";
    private static final String ASSIGNMENT = "dispatchers rely on how partitions are shared out";

    /** Settings that cannot be overridden, and the reason. */
    private static final Map<String, String> FIXED = fixed();

    /** Login modules of Kafka's own clients, and the JDK's module for Kerberos. */
    private static final Set<String> LOGIN_MODULES = Set.of(
            "org.apache.kafka.common.security.plain.PlainLoginModule",
            "org.apache.kafka.common.security.scram.ScramLoginModule",
            "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule",
            "com.sun.security.auth.module.Krb5LoginModule");

    private static final String KAFKA_CLASSES = "org.apache.kafka.";

    private static final ConfigDef PRODUCER_DEF = ProducerConfig.configDef();
    private static final ConfigDef CONSUMER_DEF = ConsumerConfig.configDef();
    private static final ConfigDef ADMIN_DEF = AdminClientConfig.configDef();

    private final String clients;
    private final Map<String, ConfigDef.ConfigKey> known;

    private KafkaProperties(String clients, ConfigDef... definitions) {
        this.clients = clients;
        known = new HashMap<>();
        for (ConfigDef definition : definitions) {
            known.putAll(definition.configKeys());
        }
    }

    /** Whether a Kafka client has this setting and the operator may set it. */
    private static boolean isKnown(String name) {
        return !FIXED.containsKey(name)
                && (PRODUCER_DEF.configKeys().containsKey(name)
                        || CONSUMER_DEF.configKeys().containsKey(name)
                        || ADMIN_DEF.configKeys().containsKey(name));
    }

    /** The message for a key outside of {@code kafka.properties}; null: no Kafka client has a setting of this name. */
    static @Nullable String explain(String name) {
        return isKnown(name) ? "is a setting of Kafka's clients, which belongs to $.kafka.properties" : null;
    }

    /** The type of settings for all clients. */
    static MapType<Secret> all() {
        return type(new KafkaProperties("Kafka's clients", PRODUCER_DEF, CONSUMER_DEF, ADMIN_DEF));
    }

    static MapType<Secret> producer() {
        return type(new KafkaProperties("Kafka's producers", PRODUCER_DEF));
    }

    static MapType<Secret> consumer() {
        return type(new KafkaProperties("Kafka's consumers", CONSUMER_DEF));
    }

    private static MapType<Secret> type(KafkaProperties properties) {
        return new MapType<>(
                "object of Kafka client settings",
                properties::entry,
                Type.anyOf(Type.schemaOf("string"), Type.schemaOf("number"), Type.schemaOf("boolean")));
    }

    private static Map<String, String> fixed() {
        Map<String, String> fixed = new HashMap<>();
        putAll(
                fixed,
                ORDER_AND_LOSS,
                "acks",
                "enable.idempotence",
                "retries",
                "max.in.flight.requests.per.connection",
                "transactional.id",
                "transaction.timeout.ms",
                "transaction.two.phase.commit.enable",
                "delivery.timeout.ms",
                "max.block.ms",
                "partitioner.class",
                "partitioner.ignore.keys",
                "isolation.level",
                "check.crcs",
                "allow.auto.create.topics");
        putAll(fixed, POSITIONS, "enable.auto.commit", "auto.commit.interval.ms", "auto.offset.reset");
        putAll(fixed, BYTES, "key.serializer", "value.serializer", "key.deserializer", "value.deserializer");
        putAll(
                fixed,
                FOREIGN_CODE,
                "interceptor.classes",
                "metric.reporters",
                "security.providers",
                "ssl.engine.factory.class",
                "sasl.kerberos.kinit.cmd",
                "sasl.login.class",
                "config.providers");
        putAll(
                fixed,
                ASSIGNMENT,
                "partition.assignment.strategy",
                "group.protocol",
                "group.remote.assignor",
                "group.instance.id");
        fixed.put("group.id", "it is dispatch.group_id");
        fixed.put("bootstrap.servers", "it is kafka.bootstrap_servers");
        fixed.put("bootstrap.controllers", "it is kafka.bootstrap_servers");
        fixed.put("client.id", "the relay names its clients, so that its metrics tell them apart");
        return Map.copyOf(fixed);
    }

    private static void putAll(Map<String, String> fixed, String because, String... names) {
        for (String name : names) {
            fixed.put(name, because);
        }
    }

    private @Nullable Secret entry(String name, Value value) {
        String because = FIXED.get(name);
        if (because != null) {
            value.problem("cannot be overridden, because " + because);
            return null;
        }
        ConfigDef.ConfigKey key = known.get(name);
        if (key == null && isKnown(name)) {
            value.problem("is no setting of " + clients + ", and belongs to "
                    + (PRODUCER_DEF.configKeys().containsKey(name) ? "$.kafka.producer" : "$.kafka.consumer"));
            return null;
        }
        if (key == null) {
            value.problem("unknown Kafka client setting, did you mean " + NearestKey.of(name, allowed()) + "?");
            return null;
        }
        String text = scalar(value);
        if (text == null || !isSafe(name, text, value) || !takes(key, text, value)) {
            return null;
        }
        return new Secret(text);
    }

    private Collection<String> allowed() {
        Set<String> allowed = new TreeSet<>(known.keySet());
        allowed.removeAll(FIXED.keySet());
        return allowed;
    }

    private static @Nullable String scalar(Value value) {
        if (value.json().isNumber() || value.json().isBoolean()) {
            return value.json().asText();
        }
        if (!value.json().isTextual()) {
            value.expectedSecret("a string, a number or a boolean");
            return null;
        }
        return value.text();
    }

    /** Checks the value by Kafka's own definition. Kafka's messages quote the value, so they are not shown. */
    private static boolean takes(ConfigDef.ConfigKey key, String text, Value value) {
        Object parsed;
        try {
            parsed = ConfigDef.parseType(key.name, text, key.type);
        } catch (ConfigException e) {
            value.problem("must be of Kafka's type " + key.type.name().toLowerCase(Locale.ROOT));
            return false;
        }
        try {
            if (key.validator != null) {
                key.validator.ensureValid(key.name, parsed);
            }
        } catch (ConfigException e) {
            value.problem("is not a value that Kafka takes; it must be " + Printable.cut(key.validator.toString()));
            return false;
        }
        String beyond = KafkaBounds.problem(key.name, parsed);
        if (beyond != null) {
            value.problem(beyond);
        }
        return beyond == null;
    }

    private static boolean isSafe(String name, String text, Value value) {
        if (name.equals("ssl.endpoint.identification.algorithm") && !text.equalsIgnoreCase("https")) {
            value.problem("cannot be overridden, because any host could pose as a Kafka broker");
            return false;
        }
        if (name.equals("sasl.jaas.config") && !namesKnownModule(text)) {
            value.problem("must be one entry with one of the login modules "
                    + String.join(", ", new TreeSet<>(LOGIN_MODULES)));
            return false;
        }
        if (name.endsWith(".class") && !text.isEmpty() && !text.startsWith(KAFKA_CLASSES)) {
            value.problem("must be a class of Kafka itself (" + KAFKA_CLASSES + "...), because " + FOREIGN_CODE);
            return false;
        }
        return true;
    }

    /** Parses the value as a client does: a quoted password may hold any character. */
    private static boolean namesKnownModule(String jaas) {
        List<AppConfigurationEntry> entries;
        try {
            entries = JaasContext.loadClientContext(Map.of(SaslConfigs.SASL_JAAS_CONFIG, new Password(jaas)))
                    .configurationEntries();
        } catch (IllegalArgumentException e) { // the message may hold a part of the password
            return false;
        }
        return entries.size() == 1 && LOGIN_MODULES.contains(entries.get(0).getLoginModuleName());
    }

    /** Settings that cannot be overridden, and the reason: for the reference page. */
    static Map<String, String> fixedSettings() {
        return FIXED;
    }
}
