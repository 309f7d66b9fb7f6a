package io.mqttrelay.common.config;

import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The configuration file, for who reads it again and again: as long as it and all that it refers to are as they were, the
 * result is the one of before, and costs no more than to look. Not for several threads at a time.
 */
public final class ConfigFile {
    private final Path file;
    private final Function<String, @Nullable String> environment;
    private LookedAt lookedAt = new LookedAt();
    private @Nullable ConfigResult last;

    /**
     * @param file as the user named it: every problem starts with it
     * @param environment the value of a variable, which stays; null where there is none
     */
    public ConfigFile(Path file, Function<String, @Nullable String> environment) {
        this.file = file;
        this.environment = environment;
    }

    public Path path() {
        return file;
    }

    /** As it is now, with problems or without. */
    public ConfigResult read() {
        ConfigResult known = last;
        if (known != null && lookedAt.isUnchanged()) {
            return known;
        }
        LookedAt looked = new LookedAt();
        ConfigResult result = ConfigReader.read(file, environment, looked);
        lookedAt = looked;
        last = result;
        return result;
    }
}
