package io.mqttrelay.common.config.read;

import io.mqttrelay.common.config.change.ReloadTable;
import io.mqttrelay.common.settings.Key;
import io.mqttrelay.common.settings.Section;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** {@code docs/configuration.md}, generated from the reader's keys. */
final class ReferencePage {
    private static final String INTRODUCTION = """
            # Configuration

            <!-- Made from the code by ConfigurationPageTest; to change it, change the keys there and run
                 ./mvnw test -pl common -am -Dtest=ConfigurationPageTest -Drelay.docs.write=true -Dsurefire.failIfNoSpecifiedTests=false -->

            One JSON file, the same for `relay ingest` and `relay dispatch`. `relay validate --config FILE` reads it, tells
            what it means and touches no network. For an editor that knows JSON Schema there is
            [relay.schema.json](relay.schema.json); [examples](examples) has files to start from.

            - Keys are matched without regard to case. An unknown key is an error that names the nearest known one.
            - All problems are told at once, one per line, each with its path:
              `relay.json: $.mqtt_brokers[0].broker_port: must be 1..65535, was 70000`. The exit code is then 2.
            - JSON is read strictly: no comments, no key twice, no `"1"` for `1`, at most 1 MB, UTF-8. `null` means the same
              as leaving the key out where a key has no default.
            - A string may contain `${env:NAME}`, `${env:NAME:-default}` (the default also counts where the variable is
              empty) or `${file:/path}` (at most 64 KB, one trailing newline dropped). `$${` stands for `${` itself. A string
              with a reference may also stand where a number or a boolean is expected: `"broker_port": "${env:PORT}"`.
              What a reference leads to is a secret in user names and in paths of URLs, too; names of routes, apps and topics,
              hosts, files and numbers are shown. One that leads to nothing is warned of, unless it has a default:
              `${env:NAME:-}`.
            - Durations are whole numbers with `ms`, `s`, `m`, `h` or `d`; sizes with `B`, `KB`, `MB` or `GB` (1024s).
            - Names of files are relative to the configuration file's folder, but for `log_config.filename`, which is relative
              to the working directory. A relative `${file:...}` cannot leave the configuration's folder.
            - Secrets are never shown: not in problems, not by `relay validate`, not in logs.
            """;

    private static final String KAFKA_SETTINGS = """

            ### Kafka client settings

            `kafka.properties`, `kafka.producer` and `kafka.consumer` take the settings that Kafka's own clients know, by
            Kafka's names. These cannot be overridden:

            | because | settings |
            | --- | --- |
            """;

    private static final String KAFKA_SECURITY = """

            `ssl.endpoint.identification.algorithm` must stay `https`; `sasl.jaas.config` takes one entry with the login module
            for PLAIN, SCRAM, OAUTHBEARER or Kerberos; classes must be Kafka's own.
            """;

    private static final String KAFKA_BOUNDS = """

            These have bounds:

            | setting | bound |
            | --- | --- |
            """;

    private final StringBuilder page = new StringBuilder(INTRODUCTION);

    static String text() {
        ReferencePage page = new ReferencePage();
        sections().forEach(page::section);
        page.kafkaSettings();
        page.page.append(ReloadTable.text());
        return page.page.toString();
    }

    /** All sections, each once; the sections of a section's keys follow it. */
    static Set<Section> sections() {
        Set<Section> sections = new LinkedHashSet<>();
        Deque<Section> open = new ArrayDeque<>(List.of(ConfigReader.ROOT));
        while (!open.isEmpty()) {
            Section section = open.removeFirst();
            if (sections.add(section)) {
                section.keys().forEach(key -> open.addAll(key.type().sections()));
            }
        }
        return sections;
    }

    private void section(Section section) {
        page.append("\n## ").append(section.name()).append("\n\n").append(section.about());
        page.append("\n\n| key | value | default | meaning |\n| --- | --- | --- | --- |\n");
        for (Key<?> key : section.keys()) {
            page.append("| `").append(key.name()).append("` | ");
            page.append(key.type().describe())
                    .append(" | ")
                    .append(defaultOf(key))
                    .append(" | ");
            page.append(key.meaning()).append(aliases(key)).append(" |\n");
        }
    }

    private static String defaultOf(Key<?> key) {
        if (key.required()) {
            return "**required**";
        }
        if (key.fallbackText().isEmpty()) {
            return "none";
        }
        boolean json = key.fallback() != null || key.fallbackText().startsWith("{");
        return json ? "`" + key.fallbackText().replaceAll("^\"(.*)\"$", "$1") + "`" : key.fallbackText();
    }

    private static String aliases(Key<?> key) {
        return key.aliases().isEmpty()
                ? ""
                : ". Also read, with a warning: `" + String.join("`, `", key.aliases()) + "`";
    }

    private void kafkaSettings() {
        TreeMap<String, Set<String>> byReason = new TreeMap<>();
        KafkaProperties.fixedSettings()
                .forEach((name, because) -> byReason.computeIfAbsent(because, reason -> new TreeSet<>())
                        .add(name));
        page.append(KAFKA_SETTINGS);
        byReason.forEach((because, names) -> page.append("| ")
                .append(because)
                .append(" | `")
                .append(String.join("`, `", names))
                .append("` |\n"));
        page.append(KAFKA_SECURITY);
        page.append(KAFKA_BOUNDS);
        KafkaBounds.texts()
                .forEach((name, bound) -> page.append("| `")
                        .append(name)
                        .append("` | ")
                        .append(bound)
                        .append(" |\n"));
    }
}
