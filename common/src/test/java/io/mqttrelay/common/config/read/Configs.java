package io.mqttrelay.common.config.read;

import io.mqttrelay.common.config.RelayConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Reads configurations for tests. */
public final class Configs {
    /** The required keys, for tests that add others in front. */
    public static final String ROUTE =
            "\"app_id\": \"a\", \"callbackAddress\": \"http://127.0.0.1/\", \"subTopic\": {\"topic\": \"t\"}";

    private Configs() {}

    public static ConfigResult read(Path file, Map<String, String> environment) {
        return ConfigReader.read(file, environment::get);
    }

    public static RelayConfig valid(Path file) {
        return read(file, Map.of()).match(new Expected()).config();
    }

    public static List<String> warnings(Path file) {
        return read(file, Map.of()).match(new Expected()).warnings();
    }

    /** The problems or warnings of a file, without the file's name. */
    public static List<String> lines(Path file, Map<String, String> environment) {
        List<String> lines = read(file, environment).match(new ConfigResult.Cases<>() {
            @Override
            public List<String> valid(ConfigResult.Valid valid) {
                return valid.warnings().stream().map(line -> "warning: " + line).toList();
            }

            @Override
            public List<String> invalid(ConfigResult.Invalid invalid) {
                return invalid.problems();
            }
        });
        return lines.stream().map(line -> line.replace(file + ": ", "")).toList();
    }

    /** A file of one broker with one route; the given keys precede the required ones. */
    public static String json(String file, String broker, String route) {
        return "{" + file + "\"mqtt_brokers\": [{" + broker + "\"client_id\": \"c\", \"broker_ip\": \"127.0.0.1\","
                + " \"sub_deal_config\": {" + route + ROUTE + "}}]}";
    }

    /** A file of one broker with one route, whose keys are all given. */
    public static String routeJson(String route) {
        return "{\"mqtt_brokers\": [{\"client_id\": \"c\", \"broker_ip\": \"127.0.0.1\", \"sub_deal_config\": {" + route
                + "}}]}";
    }

    /** Writes {@code relay.json} into the folder. */
    public static Path write(Path folder, String json) {
        try {
            return Files.writeString(folder.resolve("relay.json"), json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file must be valid. */
    public static final class Expected implements ConfigResult.Cases<ConfigResult.Valid> {
        @Override
        public ConfigResult.Valid valid(ConfigResult.Valid valid) {
            return valid;
        }

        @Override
        public ConfigResult.Valid invalid(ConfigResult.Invalid invalid) {
            throw new AssertionError(String.join("\n", invalid.problems()));
        }
    }
}
