package io.mqttrelay.common.config.read;

import io.mqttrelay.common.config.DispatchSettings;
import io.mqttrelay.common.config.KafkaCheck;
import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.TargetSettings;
import io.mqttrelay.common.config.destination.AddressSchemes;
import io.mqttrelay.common.config.read.destination.DestinationReader;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.common.settings.DurationType;
import io.mqttrelay.common.settings.Fields;
import io.mqttrelay.common.settings.FileSnapshot;
import io.mqttrelay.common.settings.JsonPath;
import io.mqttrelay.common.settings.Key;
import io.mqttrelay.common.settings.ListType;
import io.mqttrelay.common.settings.Section;
import io.mqttrelay.common.settings.SectionType;
import io.mqttrelay.common.settings.SettingsFile;
import io.mqttrelay.common.settings.TextType;
import io.mqttrelay.common.settings.Value;
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
 * file -> SettingsFile -> Fields (each value by its key's type) -> readers (checks across several values) -> records
 *                           unknown keys, references, limits              names, overlaps, warnings
 * </pre>
 *
 * Finds all problems in one run. A problem is never an exception.
 */
public final class ConfigReader {
    private static final String IF_EMPTY = "the smallest configuration is in docs/examples/minimal.json";

    private static final Key<List<Fields>> MQTT_BROKERS = Key.required(
            "mqtt_brokers", ListType.of(new SectionType(BrokerSection.SECTION), 1, 100_000), "the MQTT brokers");
    private static final Key<Fields> TARGETS = Key.optional(
            "targets", new SectionType(TargetsReader.SECTION), "connections that addresses name in place of a host");
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

    /** The whole file: the reference page and the JSON Schema are made from it. */
    public static final Section ROOT = new Section(
            "file",
            "The whole file.",
            List.of(MQTT_BROKERS, TARGETS, KAFKA, INGEST, DISPATCH, EGRESS, SHUTDOWN_GRACE, ADMIN, LOG_CONFIG, SCHEMA));

    private ConfigReader() {}

    private static void recordStores(KafkaSettings settings, FileSnapshot files) {
        for (Map<String, Secret> section : List.of(settings.properties(), settings.producer(), settings.consumer())) {
            section.forEach((name, value) -> {
                if (name.endsWith(".location")) {
                    files.recordState(value.reveal());
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
        return read(file, environment, kafkaCheck, AddressSchemes.HTTP);
    }

    /** As {@link #read(Path, Function, KafkaCheck)}, for addresses with other schemes than those of HTTP. */
    public static ConfigResult read(
            Path file, Function<String, @Nullable String> environment, KafkaCheck kafkaCheck, AddressSchemes schemes) {
        return read(file, environment, kafkaCheck, schemes, new FileSnapshot());
    }

    static ConfigResult read(
            Path file,
            Function<String, @Nullable String> environment,
            KafkaCheck kafkaCheck,
            AddressSchemes schemes,
            FileSnapshot files) {
        SettingsFile settings = new SettingsFile(file, environment, files);
        Fields root = settings.read(ROOT, KafkaProperties::explain, IF_EMPTY);
        if (root == null) {
            return new ConfigResult.Invalid(settings.problems());
        }
        RelayConfig config = config(root, schemes, kafka -> {
            recordStores(kafka, files);
            return kafkaCheck.findings(kafka);
        });
        List<String> problems = settings.problems();
        return problems.isEmpty()
                ? new ConfigResult.Valid(
                        config,
                        settings.warnings(),
                        OriginalDifferences.of(root.object().json()))
                : new ConfigResult.Invalid(problems);
    }

    private static RelayConfig config(Fields root, AddressSchemes schemes, KafkaCheck kafkaCheck) {
        KafkaSettings kafka = KafkaReader.settings(root.section(KAFKA), kafkaCheck);
        Egress egress = EgressReader.egress(root.section(EGRESS));
        DispatchSettings dispatch = ServiceReader.dispatch(root.section(DISPATCH), kafka);
        TargetSettings targets = TargetsReader.targets(root.section(TARGETS));
        DestinationReader destinations = new DestinationReader(schemes, egress, targets, dispatch.rebalanceWait());
        List<Route> routes = routes(root, new RouteReader(new TopicNames(kafka.topicPrefix()), destinations));
        OwnTargets.problems(routes, kafka).forEach(problem -> root.problem(MQTT_BROKERS, problem));
        return new RelayConfig(
                routes,
                targets,
                kafka,
                ServiceReader.ingest(root.section(INGEST)),
                dispatch,
                egress,
                root.get(SHUTDOWN_GRACE),
                ServiceReader.admin(root.section(ADMIN)),
                ServiceReader.log(root.section(LOG_CONFIG)));
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
        String id = broker.find(BrokerSection.CLIENT_ID);
        Value written = broker.written(BrokerSection.CLIENT_ID);
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
