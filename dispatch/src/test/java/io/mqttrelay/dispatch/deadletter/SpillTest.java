package io.mqttrelay.dispatch.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpillTest {
    private static final int IN_MEMORY = 100_000;

    @TempDir
    private Path folder;

    @Test
    void returnsBytesFromMemoryAndFromTheFile() throws Exception {
        SplittableRandom random = new SplittableRandom(5);
        List<byte[]> added = new ArrayList<>();
        List<Long> positions = new ArrayList<>();
        try (Spill spill = new Spill(IN_MEMORY, folder)) {
            for (int i = 0; i < 300; i++) {
                byte[] bytes = new byte[i % 50 == 0 ? 2 * IN_MEMORY : random.nextInt(3000)];
                random.nextBytes(bytes);
                added.add(bytes);
                positions.add(spill.add(bytes));
                int earlier = random.nextInt(i + 1);
                assertThat(spill.get(positions.get(earlier))).isEqualTo(added.get(earlier));
            }
        }
    }

    @Test
    void littleNeedsNoFolder() throws Exception {
        try (Spill spill = new Spill(IN_MEMORY, folder.resolve("nowhere"))) {
            long position = spill.add(new byte[] {1, 2, 3});
            assertThat(spill.get(position)).containsExactly(1, 2, 3);
        }
    }

    @Test
    void theFileHasNoName() throws Exception {
        try (Spill spill = new Spill(IN_MEMORY, folder)) {
            for (int i = 0; i < 10; i++) {
                spill.add(new byte[IN_MEMORY / 2]);
            }
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files)
                        .as("it goes with the process, also after kill -9")
                        .isEmpty();
            }
        }
    }

    @Test
    void aFolderThatTakesNothingIsNamed() {
        try (Spill spill = new Spill(IN_MEMORY, folder.resolve("nowhere"))) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10; i++) {
                            spill.add(new byte[IN_MEMORY / 2]);
                        }
                    })
                    .isInstanceOf(KafkaFailure.class)
                    .hasMessageContaining(folder.resolve("nowhere").toString())
                    .hasMessageContaining("java.io.tmpdir");
        }
    }
}
