package io.mqttrelay.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The unit of a service. */
final class SystemdUnit {
    private final List<String> lines;

    private SystemdUnit(List<String> lines) {
        this.lines = lines;
    }

    static SystemdUnit of(String service) throws IOException {
        return new SystemdUnit(Files.readAllLines(path(service)));
    }

    static Path folder() {
        return Distribution.checkout().resolve("deploy/systemd");
    }

    static Path path(String service) {
        return folder().resolve("mqtt-relay-" + service + ".service");
    }

    /** The values of a key, in order. */
    List<String> all(String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key + "="))
                .map(line -> line.substring(key.length() + 1))
                .toList();
    }

    /** The one value of a key. */
    String only(String key) {
        List<String> values = all(key);
        if (values.size() != 1) {
            throw new AssertionError(key + ": " + values);
        }
        return values.get(0);
    }

    /** What its process finds in the environment, the file that it names being the example beside it. */
    Map<String, String> environment() throws IOException {
        Map<String, String> environment = new LinkedHashMap<>();
        all("Environment").forEach(each -> put(environment, each));
        Files.readAllLines(folder().resolve("environment")).stream()
                .filter(line -> !line.startsWith("#"))
                .forEach(line -> put(environment, line));
        return environment;
    }

    private static void put(Map<String, String> environment, String assignment) {
        String[] parts = assignment.split("=", 2);
        environment.put(parts[0], parts[1]);
    }
}
