package io.mqttrelay.common.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.cli.Cli;
import io.mqttrelay.common.config.LogSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine.Command;

/** Stderr is a terminal or a pipe that is not read any more. */
@Timeout(60)
class BlockedStderrIT {
    private static final int LINES = 50_000;

    @Test
    void aCommandEndsWhileItsStderrIsBlocked() throws Exception {
        Process process = start(TalkingCommand.class);
        try {
            assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(TalkingCommand.CODE);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start(Class<?> program) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.getName())
                .start();
    }

    @Test
    void aProcessWorksAndEndsWhileItsStderrIsBlocked() throws Exception {
        Process process = start(Talker.class);
        try {
            assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                    .startsWith("dropped ");
        } finally {
            process.destroyForcibly();
        }
    }

    /** Logs much more than a pipe holds. */
    private static Logging talk() {
        LogSettings settings = new LogSettings(LogSettings.Level.INFO, null, 100, 7, 3, LogSettings.Format.TEXT);
        Logging logging = Logging.configure(settings, "ingest");
        Logger log = LogManager.getLogger(Talker.class);
        for (int i = 0; i < LINES; i++) {
            log.info("line {} of a process that must not be stopped by its own log", i);
        }
        return logging;
    }

    /** Ends in the same way as the relay's commands. */
    @Command(name = "talk")
    static final class TalkingCommand implements Callable<Integer> {
        private static final int CODE = 7;

        public static void main(String[] args) {
            Cli.main(new String[] {"talk"}, List.of(new TalkingCommand()));
        }

        @Override
        public Integer call() {
            talk().close();
            return CODE;
        }
    }

    /** Prints the number of dropped lines. */
    static final class Talker {
        public static void main(String[] args) {
            Logging logging = talk();
            System.out.println("dropped " + logging.dropped());
            System.out.flush();
            logging.close();
            Runtime.getRuntime().halt(logging.dropped() > LINES / 2 ? 0 : 3);
        }
    }
}
