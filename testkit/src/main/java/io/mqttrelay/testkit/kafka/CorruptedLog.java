package io.mqttrelay.testkit.kafka;

import io.mqttrelay.embedded.EmbeddedKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.kafka.common.TopicPartition;

/** A corrupted batch in a partition's log on a broker's disk. */
public final class CorruptedLog {
    private static final int LENGTH_AT = 8;
    private static final int BEFORE_LENGTH_ENDS = 12;
    private static final int BYTES = 4;

    private final Path segment;
    private final long at;
    private final ByteBuffer before;

    private CorruptedLog(Path segment, long at, ByteBuffer before) {
        this.segment = segment;
        this.at = at;
        this.before = before;
    }

    /** Changes the last bytes of a batch, so that its checksum is wrong. */
    public static CorruptedLog batch(EmbeddedKafka kafka, TopicPartition partition, int number) {
        Path segment = kafka.data().resolve(partition.toString()).resolve("00000000000000000000.log");
        try {
            ByteBuffer log = ByteBuffer.wrap(Files.readAllBytes(segment));
            int begin = 0;
            for (int i = 0; i < number; i++) {
                begin += BEFORE_LENGTH_ENDS + log.getInt(begin + LENGTH_AT);
            }
            return changed(segment, begin + BEFORE_LENGTH_ENDS + log.getInt(begin + LENGTH_AT) - BYTES, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CorruptedLog changed(Path segment, long at, ByteBuffer log) throws IOException {
        ByteBuffer before = ByteBuffer.allocate(BYTES).put(0, log, (int) at, BYTES);
        ByteBuffer other = ByteBuffer.allocate(BYTES);
        for (int i = 0; i < BYTES; i++) {
            other.put(i, (byte) ~before.get(i));
        }
        write(segment, at, other);
        return new CorruptedLog(segment, at, before);
    }

    /** Restores the original bytes. */
    public void mend() {
        try {
            write(segment, at, before.duplicate());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path segment, long at, ByteBuffer bytes) throws IOException {
        try (FileChannel file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            file.write(bytes, at);
            file.force(false);
        }
    }
}
