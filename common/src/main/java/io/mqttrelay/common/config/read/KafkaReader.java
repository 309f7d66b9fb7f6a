package io.mqttrelay.common.config.read;

import com.google.re2j.Pattern;
import io.mqttrelay.common.config.KafkaCheck;
import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.config.read.value.Hosts;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.settings.DurationType;
import io.mqttrelay.common.settings.Fields;
import io.mqttrelay.common.settings.IntegerType;
import io.mqttrelay.common.settings.Key;
import io.mqttrelay.common.settings.Section;
import io.mqttrelay.common.settings.TextType;
import io.mqttrelay.common.settings.TextType.WrongException;
import io.mqttrelay.common.settings.Texts;
import io.mqttrelay.common.settings.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The {@code kafka} section. */
final class KafkaReader {
    private static final Pattern TOPIC_CHARACTERS = Pattern.compile("[A-Za-z0-9._-]{1,200}");

    static final Key<String> BOOTSTRAP_SERVERS = Key.withDefault(
            "bootstrap_servers",
            TextType.of("`host:port,host:port`", (text, value) -> servers(text)),
            "localhost:9092",
            "\"localhost:9092\"",
            "brokers to ask for all others");
    static final Key<String> TOPIC_PREFIX = Key.withDefault(
            "topic_prefix",
            TextType.of("string of letters, digits, `.`, `_`, `-`", (text, value) -> prefix(text)),
            "relay",
            "\"relay\"",
            "topics are `<prefix>.<app_id>`, with `.replay` and `.dead` behind it");
    private static final Key<Integer> PARTITIONS = Key.withDefault(
            "partitions", new IntegerType(1, 10_000), 12, "12", "of topics that the relay creates; existing ones stay");
    private static final Key<Integer> REPLICATION_FACTOR = Key.derived(
            "replication_factor",
            new IntegerType(1, Short.MAX_VALUE),
            "the broker's",
            "of topics that the relay creates; existing ones stay");
    private static final DurationType RETENTION_TYPE = DurationType.between("1s", "36500d");
    private static final Key<Duration> RETENTION = Key.withDefault(
            "retention", RETENTION_TYPE, Duration.ofDays(7), "\"7d\"", "of topics that the relay creates");
    private static final Key<Duration> DEAD_LETTER_RETENTION = Key.withDefault(
            "dead_letter_retention",
            RETENTION_TYPE,
            Duration.ofDays(30),
            "\"30d\"",
            "of topics that the relay creates");
    private static final Key<Map<String, Secret>> PROPERTIES = Key.optional(
            "properties",
            KafkaProperties.all(),
            "passed to every Kafka client (TLS, SASL, ...); what durability needs cannot be overridden");
    private static final Key<Map<String, Secret>> PRODUCER =
            Key.optional("producer", KafkaProperties.producer(), "passed to producers, over `properties`");
    private static final Key<Map<String, Secret>> CONSUMER =
            Key.optional("consumer", KafkaProperties.consumer(), "passed to consumers, over `properties`");

    static final Section SECTION = new Section(
            "kafka",
            "Kafka: where it is, the topics that the relay creates there, and what is passed to the clients.",
            List.of(
                    BOOTSTRAP_SERVERS,
                    TOPIC_PREFIX,
                    PARTITIONS,
                    REPLICATION_FACTOR,
                    RETENTION,
                    DEAD_LETTER_RETENTION,
                    PROPERTIES,
                    PRODUCER,
                    CONSUMER));

    private KafkaReader() {}

    static String servers(String text) throws WrongException {
        Texts.nonEmpty(text);
        List<String> servers = new ArrayList<>();
        for (String server : text.split(",", -1)) {
            servers.add(Hosts.hostPort(server.strip()).toString());
        }
        return String.join(",", servers);
    }

    private static String prefix(String text) throws WrongException {
        if (!TOPIC_CHARACTERS.matches(text)) {
            throw WrongException.was("must be 1..200 letters, digits, '.', '_' and '-'", text);
        }
        return text;
    }

    static KafkaSettings settings(Fields fields, KafkaCheck check) {
        Duration retention = fields.get(RETENTION);
        Duration deadLetterRetention = fields.get(DEAD_LETTER_RETENTION);
        if (deadLetterRetention.compareTo(retention) < 0) {
            fields.warn(
                    DEAD_LETTER_RETENTION,
                    "dead letters are kept for less time (" + DurationType.text(deadLetterRetention)
                            + ") than messages (" + DurationType.text(retention) + ")");
        }
        Integer replicas = fields.find(REPLICATION_FACTOR);
        if (replicas != null && replicas == 1) {
            fields.warn(REPLICATION_FACTOR, "one copy: a Kafka broker that fails takes its messages with it");
        }
        KafkaSettings settings = new KafkaSettings(
                fields.get(BOOTSTRAP_SERVERS),
                fields.get(TOPIC_PREFIX),
                fields.get(PARTITIONS),
                replicas == null ? null : (Short) replicas.shortValue(),
                retention,
                deadLetterRetention,
                orNone(fields.find(PROPERTIES)),
                orNone(fields.find(PRODUCER)),
                orNone(fields.find(CONSUMER)));
        if (!fields.isWrong(PROPERTIES) && !fields.isWrong(PRODUCER) && !fields.isWrong(CONSUMER)) {
            check.findings(settings).forEach(finding -> tell(fields, finding));
        }
        return settings;
    }

    private static void tell(Fields fields, KafkaCheck.Finding finding) {
        Key<?> section = switch (finding.place()) {
            case PROPERTIES -> PROPERTIES;
            case PRODUCER -> PRODUCER;
            case CONSUMER -> CONSUMER;
        };
        Value written = fields.written(section);
        String setting = finding.setting();
        if (written != null && setting != null) {
            if (finding.fatal()) {
                written.problemAt(setting, finding.what());
            } else {
                written.warnAt(setting, finding.what());
            }
        } else if (finding.fatal()) {
            fields.problem(section, finding.what());
        } else {
            fields.warn(section, finding.what());
        }
    }

    private static Map<String, Secret> orNone(@Nullable Map<String, Secret> properties) {
        return properties == null ? Map.of() : properties;
    }
}
