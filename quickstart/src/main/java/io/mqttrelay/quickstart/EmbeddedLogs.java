package io.mqttrelay.quickstart;

import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;

/** What embedded servers log. Their warnings speak to people who run clusters; here they would drown what arrives. */
final class EmbeddedLogs {
    /** The servers' own packages; the relay's clients of them keep their voice. */
    private static final List<String> SERVERS = List.of(
            "kafka",
            "org.apache.kafka.controller",
            "org.apache.kafka.coordinator",
            "org.apache.kafka.image",
            "org.apache.kafka.metadata",
            "org.apache.kafka.network",
            "org.apache.kafka.raft",
            "org.apache.kafka.server",
            "org.apache.kafka.storage",
            "state.change.logger",
            "com.hivemq.bootstrap",
            "com.hivemq.configuration",
            "com.hivemq.embedded",
            "com.hivemq.extensions",
            "com.hivemq.migration",
            "com.hivemq.mqtt",
            "com.hivemq.persistence",
            "com.hivemq.security",
            "jetbrains.exodus",
            "migrations",
            "oshi");

    /** Where the relay warns of topics with one copy and of groups that are new: here both are so on purpose. */
    private static final List<String> ADVICE = List.of(
            "io.mqttrelay.dispatch.Consuming",
            "io.mqttrelay.dispatch.consume.Assignments",
            "io.mqttrelay.ingest.write.TopicKeeper");

    private EmbeddedLogs() {}

    /** Lets only their errors through, from now on. */
    static void onlyErrors() {
        SERVERS.forEach(name -> Configurator.setLevel(name, Level.ERROR));
        ADVICE.forEach(name -> Configurator.setLevel(name, Level.ERROR));
    }
}
