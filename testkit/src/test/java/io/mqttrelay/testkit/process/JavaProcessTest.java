package io.mqttrelay.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaProcessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    /** Prints its heap and waits to be killed. */
    static final class Waits {
        private Waits() {}

        public static void main(String[] args) throws InterruptedException {
            System.out.println("heap " + Runtime.getRuntime().maxMemory() / 1024 / 1024 + " " + args[0]);
            new CountDownLatch(1).await();
        }
    }

    private JavaProcess start() {
        return JavaProcess.start(
                folder,
                new JavaProcess.Command("waits", List.of("-Xmx16m", "-XX:+UseSerialGC"), Waits.class, List.of("word")));
    }

    @Test
    void itHasAHeapOfItsOwnAndIsToldToEnd() {
        try (JavaProcess process = start()) {
            assertThat(process.await(Pattern.compile("heap (\\d+) word"), PATIENCE)
                            .group(1))
                    .matches("1[56]");
            assertThat(process.terminate(PATIENCE)).isEqualTo(143);
        }
    }

    @Test
    void itIsKilledAndOutputThatNeverComesIsNotWaitedFor() {
        try (JavaProcess process = start()) {
            process.await(Pattern.compile("heap"), PATIENCE);
            process.kill();

            assertThat(process.isAlive()).isFalse();
            assertThatThrownBy(() -> process.await(Pattern.compile("never"), PATIENCE))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("137");
        }
    }

    @Test
    void theEndOfATestEndsIt() {
        JavaProcess process = start();
        process.close();

        assertThat(process.isAlive()).isFalse();
    }
}
