package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The output of the services is not read, or cannot be written: messages pass, and the log file is written. */
@Tag("by-hand")
final class OutputFaultIT extends FaultScene {
    private static final int RATE = 100;
    private static final Duration RECOVERY = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(15);

    OutputFaultIT(KafkaCluster kafka) {
        super(kafka);
    }

    private Pipe console() {
        Pipe pipe = opened(Pipe.at(folder.resolve("console")));
        printTo(pipe.path());
        file("\"log_config\": {\"filename\": \"" + folder.resolve("relay.log") + "\"}");
        return pipe;
    }

    @Test
    void f44TheOutputIsNotRead() {
        Pipe pipe = console();
        staysWell("F44 not read", dispatch -> {
            pipe.fill();
            assertThat(dispatch.process().terminate(STOP)).isZero();
            dispatch.startAgain(); // not even its first line is printed
        });
    }

    @Test
    void f44TheirOutputIsClosed() {
        Pipe pipe = console();
        staysWell("F44 closed", dispatch -> pipe.close());
    }

    private void staysWell(String row, Consumer<RelayService> fault) {
        RelayService ingest = ingest().ready();
        RelayService dispatch = dispatch().ready();
        Run run = run(row, RATE, "/a");
        run.flows(RATE);
        fault.accept(dispatch);
        long logged = logged("ingest");
        ingest.process().signal("HUP"); // it logs that
        run.healed();
        run.flows(RATE);
        run.ends(0, RECOVERY);
        assertThat(logged("ingest")).as("bytes of the log file").isGreaterThan(logged);
        assertThat(logged("dispatch")).isPositive();
        assertThat(ingest.process().terminate(STOP)).isZero();
        assertThat(dispatch.process().terminate(STOP)).isZero();
    }

    private long logged(String service) {
        Path log = folder.resolve("relay." + service + ".log");
        try {
            return Files.size(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
