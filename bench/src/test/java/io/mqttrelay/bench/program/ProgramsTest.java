package io.mqttrelay.bench.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProgramsTest {
    private final String launcher;

    ProgramsTest() throws IOException {
        launcher = Files.readString(Path.of("..", "relay"));
    }

    @Test
    void contendersHaveTheLaunchersFlags() {
        assertThat(launcher).contains("flags=\"" + String.join(" ", Programs.FLAGS) + "\"");
        assertThat(launcher).contains("flags=\"$flags " + String.join(" ", Programs.NEWER_FLAGS) + "\"");
    }
}
