package io.mqttrelay.common.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.process.JavaProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;

/** A process ends with its command's exit code, even while other threads still run or a shutdown hook hangs. */
class CliExitTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int EXIT_CODE = 7;

    @TempDir
    Path folder;

    @Test
    void hooksRun() {
        try (JavaProcess program = start(Printing.class)) {
            assertThat(program.awaitExit(PATIENCE)).isEqualTo(EXIT_CODE);
            assertThat(program.output()).contains("the hook ran");
        }
    }

    @Test
    void aHangingHookDoesNotKeepTheProcess() {
        try (JavaProcess program = start(Hanging.class)) {
            assertThat(program.awaitExit(PATIENCE)).isEqualTo(EXIT_CODE);
            assertThat(program.output()).contains("the hook hangs");
        }
    }

    private JavaProcess start(Class<?> program) {
        return JavaProcess.start(
                folder, new JavaProcess.Command(program.getSimpleName(), List.of(), program, List.of("end")));
    }

    /** A program with a hook and a thread that never ends. */
    static final class Printing {
        private Printing() {}

        public static void main(String[] args) {
            run(args, () -> System.out.println("the hook ran"));
        }
    }

    /** A program with a hook that does not end. */
    static final class Hanging {
        private Hanging() {}

        public static void main(String[] args) {
            run(args, () -> {
                System.out.println("the hook hangs");
                hang();
            });
        }
    }

    private static void run(String[] args, Runnable hook) {
        Runtime.getRuntime().addShutdownHook(new Thread(hook));
        new Thread(CliExitTest::hang).start();
        Cli.main(args, List.of(new End()));
    }

    private static void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Command(name = "end")
    static final class End implements Callable<Integer> {
        @Override
        public Integer call() {
            return EXIT_CODE;
        }
    }
}
