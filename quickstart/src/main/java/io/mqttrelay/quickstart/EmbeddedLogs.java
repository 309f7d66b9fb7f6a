package io.mqttrelay.quickstart;

import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;

/**
 * Limits the logs of embedded servers. Their warnings are meant for operators of clusters, and would hide the
 * arriving messages here.
 */
final class EmbeddedLogs {
    /** Packages of the servers only, not of the relay's clients. */
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

    /** Classes of the relay that warn of topics with one copy and of new groups: here both are intended. */
    static final List<String> ADVICE =
            List.of("io.mqttrelay.common.topic.TopicProvisioner", "io.mqttrelay.dispatch.place.Placement");

    private EmbeddedLogs() {}

    /** Lets only errors of these classes through from now on. */
    static void onlyErrors() {
        SERVERS.forEach(name -> Configurator.setLevel(name, Level.ERROR));
        ADVICE.forEach(name -> Configurator.setLevel(name, Level.ERROR));
    }
}
