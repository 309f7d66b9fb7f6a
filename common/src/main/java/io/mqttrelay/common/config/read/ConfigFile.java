package io.mqttrelay.common.config.read;

import io.mqttrelay.common.config.KafkaCheck;
import io.mqttrelay.common.config.destination.AddressSchemes;
import io.mqttrelay.common.settings.FileSnapshot;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The configuration file, for repeated reads. While the file and all files that it refers to are unchanged,
 * {@link #read} returns the previous result and only compares the files. Not thread-safe.
 */
public final class ConfigFile {
    private final Path file;
    private final Function<String, @Nullable String> environment;
    private final KafkaCheck kafkaCheck;
    private final AddressSchemes schemes;
    private FileSnapshot files = new FileSnapshot();
    private @Nullable ConfigResult last;

    /**
     * @param file as the user named it: every problem starts with it
     * @param environment gives the value of a variable, which must not change; null: not set
     */
    public ConfigFile(Path file, Function<String, @Nullable String> environment) {
        this(file, environment, KafkaCheck.NONE);
    }

    /**
     * As {@link #ConfigFile(Path, Function)}; the findings of {@code kafkaCheck} are among the problems and warnings.
     */
    public ConfigFile(Path file, Function<String, @Nullable String> environment, KafkaCheck kafkaCheck) {
        this(file, environment, kafkaCheck, AddressSchemes.HTTP);
    }

    /** As the other constructors, for addresses with other schemes than those of HTTP. */
    public ConfigFile(
            Path file, Function<String, @Nullable String> environment, KafkaCheck kafkaCheck, AddressSchemes schemes) {
        this.schemes = schemes;
        this.kafkaCheck = kafkaCheck;
        this.file = file;
        this.environment = environment;
    }

    public Path path() {
        return file;
    }

    /** Reads the current configuration, with problems or without. */
    public ConfigResult read() {
        ConfigResult known = last;
        if (known != null && files.isUnchanged()) {
            return known;
        }
        FileSnapshot snapshot = new FileSnapshot();
        ConfigResult result = ConfigReader.read(file, environment, kafkaCheck, schemes, snapshot);
        files = snapshot;
        last = result;
        return result;
    }
}
