package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The services' log folder is full: messages pass, and lines are written again when there is space. */
@Tag("every-change")
final class LogDiskFaultIT extends FaultScene {
    private static final int RATE = 100;
    private static final int LINES = 60; // of a hundred bytes
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    LogDiskFaultIT(KafkaCluster kafka) {
        super(kafka);
    }

    @Test
    void f43TheLogFolderIsFull() {
        SmallDisk disk = opened(SmallDisk.at(folder.resolve("logs"), 1));
        Path log = folder.resolve("logs/relay.log");
        file("\"log_config\": {\"filename\": \"" + log + "\"}");
        RelayService ingest = ingest().ready();
        dispatch().ready();
        Run run = run("F43 logs", RATE, "/a");
        run.flows(RATE);

        disk.fill();
        hangUp(ingest, LINES); // more than the space left in the last block
        run.flows(RATE);
        long stuck = written();
        hangUp(ingest, LINES);
        run.flows(RATE);
        assertThat(written()).as("bytes on a full disk").isEqualTo(stuck);
        disk.free();
        run.healed();
        hangUp(ingest, 1);
        Pause.until(RECOVERY, () -> written() > stuck);
        run.ends(0, RECOVERY);
    }

    /** Makes the service log that it was asked to read its configuration again, a line each. */
    private static void hangUp(RelayService ingest, int times) {
        for (int i = 0; i < times; i++) {
            ingest.process().signal("HUP");
        }
    }

    private long written() {
        try {
            return Files.size(folder.resolve("logs/relay.ingest.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
