package io.mqttrelay.common.config.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttrelay.common.settings.Key;
import io.mqttrelay.common.settings.Section;
import io.mqttrelay.common.settings.Type;

/** {@code docs/relay.schema.json} (JSON Schema 2020-12), generated from the reader's keys. */
final class EditorSchema {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private EditorSchema() {}

    static String text() throws JsonProcessingException {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(schema()) + "\n";
    }

    static ObjectNode schema() throws JsonProcessingException {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        root.put("title", "mqtt-relay configuration");
        root.setAll((ObjectNode) section(ConfigReader.ROOT));
        ObjectNode definitions = root.putObject("$defs");
        definitions
                .putObject(Type.REFERENCE)
                .put("type", "string")
                .put("pattern", "\\$\\{(env|file):")
                .put("description", "a value from an environment variable or a file");
        for (Section section : ReferencePage.sections()) {
            if (!section.equals(ConfigReader.ROOT)) {
                definitions.set(section.anchor(), section(section));
            }
        }
        return root;
    }

    private static JsonNode section(Section section) throws JsonProcessingException {
        ObjectNode object = Type.schemaOf("object");
        object.put("description", section.about());
        object.put("additionalProperties", false);
        ObjectNode properties = object.putObject("properties");
        for (Key<?> key : section.keys()) {
            ObjectNode property = key.type().schema();
            if (!key.meaning().isEmpty()) {
                property.put("description", key.meaning().replace("`", ""));
            }
            if (key.fallback() != null) {
                property.set("default", JSON.readTree(key.fallbackText()));
            }
            properties.set(key.name(), property);
        }
        section.keys().stream()
                .filter(Key::required)
                .forEach(key -> object.withArray("required").add(key.name()));
        return object;
    }
}
