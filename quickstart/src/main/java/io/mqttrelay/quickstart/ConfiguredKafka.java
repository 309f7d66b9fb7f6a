package io.mqttrelay.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Whether a configuration says where Kafka is, or leaves it to the default: the records cannot tell these apart. */
final class ConfiguredKafka {
    private ConfiguredKafka() {}

    /** Looks into a file that was found valid before. */
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
