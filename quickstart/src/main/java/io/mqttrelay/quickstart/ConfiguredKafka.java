package io.mqttrelay.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Finds out whether a configuration file names Kafka's servers or leaves them to the default. The configuration
 * records do not show the difference.
 */
final class ConfiguredKafka {
    private ConfiguredKafka() {}

    /** Reads a file that was found valid before. */
    static boolean isNamedIn(Path file) throws IOException {
        JsonNode servers = field(field(new ObjectMapper().readTree(file.toFile()), "kafka"), "bootstrap_servers");
        return servers.isTextual();
    }

    private static JsonNode field(JsonNode object, String name) {
        return object.properties().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                .findFirst()
                .map(Map.Entry::getValue)
                .orElseGet(MissingNode::getInstance);
    }
}
