package io.mqttrelay.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the running configuration to a file, with which other commands reach the embedded Kafka. The user's own file
 * does not name that Kafka, and must not: a named Kafka is not embedded.
 */
final class RunningConfiguration {
    private static final String KAFKA = "kafka";
    private static final Set<String> FILES = Set.of("ca_file", "cert_file", "key_file");
    /** An escaped dollar sign with brace, or a reference to a file. */
    private static final Pattern FILE_REFERENCE = Pattern.compile("\\$\\$\\{|\\$\\{file:([^}]*)}");

    private RunningConfiguration() {}

    /**
     * Writes the file.
     *
     * @param given a file that was found valid before; the files that it refers to stay in place
     * @param folder for the new file, which only its owner may read
     * @param bootstrapServers of the embedded Kafka
     */
    static Path write(Path given, Path folder, String bootstrapServers) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        Path base = given.toAbsolutePath().getParent();
        JsonNode tree = absolute(mapper.readTree(given.toFile()), base == null ? Path.of("/") : base);
        ObjectNode kafka = kafka((ObjectNode) tree);
        put(kafka, "bootstrap_servers", TextNode.valueOf(bootstrapServers));
        kafka.remove(names(kafka, "replication_factor")); // there is one broker, and its default fits
        Path file = folder.resolve("running.json");
        Files.deleteIfExists(file);
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        return Files.writeString(
                file, mapper.writerWithDefaultPrettyPrinter().writeValueAsString(tree) + System.lineSeparator());
    }

    private static ObjectNode kafka(ObjectNode root) {
        for (String name : names(root, KAFKA)) {
            if (root.get(name) instanceof ObjectNode section) {
                return section;
            }
        }
        root.remove(names(root, KAFKA));
        return root.putObject(KAFKA);
    }

    private static void put(ObjectNode object, String name, JsonNode value) {
        object.remove(names(object, name));
        object.set(name, value);
    }

    /** The keys of an object that equal {@code name} without regard to case. */
    private static List<String> names(ObjectNode object, String name) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(each -> {
            if (each.equalsIgnoreCase(name)) {
                names.add(each);
            }
        });
        return names;
    }

    /** A copy with absolute file names: relative ones start at the folder of the configuration file. */
    private static JsonNode absolute(JsonNode node, Path base) {
        if (node instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                list.set(i, absolute(list.get(i), base));
            }
        } else if (node instanceof ObjectNode object) {
            object.properties().forEach(entry -> {
                JsonNode value = absolute(entry.getValue(), base);
                boolean isFile = value.isTextual()
                        && FILES.contains(entry.getKey().toLowerCase(Locale.ROOT))
                        && !value.textValue().startsWith("${");
                entry.setValue(isFile ? TextNode.valueOf(resolved(value.textValue(), base)) : value);
            });
        } else if (node.isTextual()) {
            return TextNode.valueOf(FILE_REFERENCE
                    .matcher(node.textValue())
                    .replaceAll(match -> Matcher.quoteReplacement(
                            match.group(1) == null
                                    ? match.group()
                                    : "${file:" + resolved(match.group(1), base) + "}")));
        }
        return node;
    }

    private static String resolved(String name, Path base) {
        return base.resolve(name).normalize().toString();
    }
}
