package io.mqttrelay.common.cli;

import java.util.List;

/** The list of all commands of all applications, as printed by {@code relay help}. */
final class Overview {
    /** One command; {@code usage} is the text typed behind {@code relay}. */
    record Entry(String name, String usage, String does) {}

    static final List<Entry> ENTRIES = List.of(
            new Entry("quickstart", "quickstart [--config FILE] [--data DIR]", "everything in one process, to try it"),
            new Entry("ingest", "ingest --config FILE", "takes messages from MQTT into Kafka"),
            new Entry("dispatch", "dispatch --config FILE", "delivers messages from Kafka to the callbacks"),
            new Entry("validate", "validate --config FILE", "reads the file and prints what it means"),
            new Entry("explain", "explain --config FILE --topic T", "says what happens to a message on topic T"),
            new Entry("dead-letters", "dead-letters --config FILE", "lists what could not be delivered"),
            new Entry("replay", "replay --config FILE --app-id ID", "sends failed deliveries again"),
            new Entry("version", "version", "prints the version"),
            new Entry("help", "help [COMMAND]", "prints this, or the options of a command"));

    private Overview() {}

    static List<String> names() {
        return ENTRIES.stream().map(Entry::name).toList();
    }

    static String text() {
        StringBuilder text = new StringBuilder("mqtt-relay " + Version.current()
                + ": takes messages from MQTT, keeps them in Kafka, delivers them to callbacks and other targets.\n\n");
        for (Entry each : ENTRIES) {
            text.append("  relay %-40s %s%n".formatted(each.usage(), each.does()));
        }
        return text.append(
                        "\n--config may come from RELAY_CONFIG. Exit codes: 0 done, 1 failed while running, 2 bad usage or"
                                + " configuration.\nREADME.md begins with an example; docs/configuration.md lists every key.")
                .toString();
    }
}
