package io.mqttrelay.common.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Reads configurations for tests. */
final class Configs {
    private Configs() {}

    static ConfigResult read(Path file, Map<String, String> environment) {
        return ConfigReader.read(file, environment::get);
    }

    static RelayConfig valid(Path file) {
        return read(file, Map.of()).match(new Expected()).config();
    }

    static List<String> warnings(Path file) {
        return read(file, Map.of()).match(new Expected()).warnings();
    }

    /** Writes {@code relay.json} into the folder. */
    static Path write(Path folder, String json) {
        try {
            return Files.writeString(folder.resolve("relay.json"), json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Expected implements ConfigResult.Cases<ConfigResult.Valid> {
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
