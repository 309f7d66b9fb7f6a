package io.mqttrelay.common.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.common.text.Printable;
import io.mqttrelay.common.topic.TopicNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the configuration file.
 *
 * <pre>
 * file -> JsonText -> tree -> Fields (each value by its key's type) -> readers (checks across several values) -> records
 *                                 unknown keys, references, limits              names, overlaps, warnings
 * </pre>
 *
 * Finds all problems in one run. A problem is never an exception.
 */
public final class ConfigReader {
    private static final int MAX_BYTES = 1 << 20;

    private static final Key<List<Fields>> MQTT_BROKERS = Key.required(
            "mqtt_brokers", ListType.of(new SectionType(BrokerReader.SECTION), 1, 100_000), "the MQTT brokers");
    private static final Key<Fields> KAFKA = Key.optional("kafka", new SectionType(KafkaReader.SECTION), "");
    private static final Key<Fields> INGEST = Key.optional("ingest", new SectionType(ServiceReader.INGEST), "");
    private static final Key<Fields> DISPATCH = Key.optional("dispatch", new SectionType(ServiceReader.DISPATCH), "");
    private static final Key<Fields> EGRESS = Key.optional("egress", new SectionType(EgressReader.SECTION), "");
    private static final Key<Duration> SHUTDOWN_GRACE = Key.withDefault(
            "shutdown_grace",
            DurationType.between("0s", "1h"),
            Duration.ofSeconds(30),
            "\"30s\"",
            "how long a stop waits for what is in flight");
    private static final Key<Fields> ADMIN = Key.optional("admin", new SectionType(ServiceReader.ADMIN), "");
    private static final Key<Fields> LOG_CONFIG = Key.optional("log_config", new SectionType(ServiceReader.LOG), "");

    private static final Key<String> SCHEMA =
            Key.optional("$schema", TextType.any("string"), "for editors: where relay.schema.json lies");

    /** The whole file. */
    static final Section ROOT = new Section(
            "file",
            "The whole file.",
            List.of(MQTT_BROKERS, KAFKA, INGEST, DISPATCH, EGRESS, SHUTDOWN_GRACE, ADMIN, LOG_CONFIG, SCHEMA));

    private final Problems problems;
    private final Value.Source source;
    private final KafkaCheck kafkaCheck;

    private ConfigReader(Problems problems, Value.Source source, KafkaCheck kafkaCheck) {
        this.kafkaCheck = settings -> {
            recordStores(settings, source.lookedAt());
            return kafkaCheck.findings(settings);
        };
        this.problems = problems;
        this.source = source;
    }

    private static void recordStores(KafkaSettings settings, LookedAt lookedAt) {
        for (Map<String, Secret> section : List.of(settings.properties(), settings.producer(), settings.consumer())) {
            section.forEach((name, value) -> {
                if (name.endsWith(".location")) {
                    lookedAt.store(value.reveal());
                }
            });
        }
    }

    /**
     * Reads a configuration. It touches that file and the files that it refers to, and nothing else.
     *
     * @param file as the user named it: every problem starts with it
     * @param environment gives the value of a variable; null: not set
     */
    public static ConfigResult read(Path file, Function<String, @Nullable String> environment) {
        return read(file, environment, KafkaCheck.NONE);
    }

    /** As {@link #read(Path, Function)}; the findings of {@code kafkaCheck} are among the problems and warnings. */
    public static ConfigResult read(Path file, Function<String, @Nullable String> environment, KafkaCheck kafkaCheck) {
        return read(file, environment, kafkaCheck, new LookedAt());
    }

    static ConfigResult read(
            Path file, Function<String, @Nullable String> environment, KafkaCheck kafkaCheck, LookedAt lookedAt) {
        Problems problems = new Problems(file.toString());
        JsonNode tree = tree(file, problems, lookedAt);
        if (tree == null) {
            return new ConfigResult.Invalid(problems.problems());
        }
        Path parent = file.toAbsolutePath().getParent();
        Path folder = parent == null ? Path.of("") : parent;
        Value.Source source =
                new Value.Source(problems, new Substitution(folder, environment, lookedAt), folder, lookedAt);
        return new ConfigReader(problems, source, kafkaCheck).result(tree);
    }

    private static @Nullable JsonNode tree(Path file, Problems problems, LookedAt lookedAt) {
        try {
            return JsonText.parse(lookedAt.text(file, MAX_BYTES), problems);
        } catch (FileBytes.UnreadableException e) {
            problems.add(e.why());
            return null;
        }
    }

    private ConfigResult result(JsonNode tree) {
        Fields root = Fields.of(new Value(source, JsonPath.ROOT, tree), ROOT);
        RelayConfig config = root == null ? null : config(root);
        return config == null || !problems.none()
                ? new ConfigResult.Invalid(problems.problems())
                : new ConfigResult.Valid(config, problems.warnings(), OriginalDifferences.of(tree));
    }

    private RelayConfig config(Fields root) {
        KafkaSettings kafka = KafkaReader.settings(section(root, KAFKA, KafkaReader.SECTION), kafkaCheck);
        Egress egress = EgressReader.egress(section(root, EGRESS, EgressReader.SECTION));
        DispatchSettings dispatch = ServiceReader.dispatch(section(root, DISPATCH, ServiceReader.DISPATCH), kafka);
        return new RelayConfig(
                routes(root, new RouteReader(new TopicNames(kafka.topicPrefix()), egress, dispatch.rebalanceWait())),
                kafka,
                ServiceReader.ingest(section(root, INGEST, ServiceReader.INGEST)),
                dispatch,
                egress,
                root.get(SHUTDOWN_GRACE),
                ServiceReader.admin(section(root, ADMIN, ServiceReader.ADMIN)),
                ServiceReader.log(section(root, LOG_CONFIG, ServiceReader.LOG)));
    }

    /** The fields of a section. If the section is missing, every key has its default. */
    private Fields section(Fields root, Key<Fields> key, Section section) {
        Fields fields = root.find(key);
        if (fields != null) {
            return fields;
        }
        JsonNode empty = JsonNodeFactory.instance.objectNode();
        Fields defaults = Fields.of(new Value(source, JsonPath.ROOT.key(key.name()), empty), section);
        if (defaults == null) {
            throw new IllegalStateException("an empty object is an object");
        }
        return defaults;
    }

    private static List<Route> routes(Fields root, RouteReader reader) {
        List<Fields> brokers = root.find(MQTT_BROKERS);
        List<Route> routes = new ArrayList<>();
        Map<String, JsonPath> clientIds = new HashMap<>();
        for (Fields broker : brokers == null ? List.<Fields>of() : brokers) {
            routes.addAll(BrokerReader.routes(broker, uniqueClientId(broker, clientIds), reader));
        }
        return routes;
    }

    /** The client id; null: it is missing, or another broker's entry has the same one, and that is reported. */
    private static @Nullable String uniqueClientId(Fields broker, Map<String, JsonPath> clientIds) {
        String id = broker.find(BrokerReader.CLIENT_ID);
        Value written = broker.written(BrokerReader.CLIENT_ID);
        if (id == null || written == null) {
            return null;
        }
        JsonPath earlier = clientIds.putIfAbsent(id, written.path());
        if (earlier == null) {
            return id;
        }
        written.problem("must be unique over the file, was \"" + Printable.cut(id) + "\" as in " + earlier);
        return null;
    }
}
