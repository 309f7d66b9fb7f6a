package io.mqttrelay.ingest.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.time.ManualClock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Apps with many partitions that cannot store records do not keep another app's partition from being examined. */
class StuckWatchTest {
    private static final int PARTITIONS = 32;

    private final ManualClock clock = ManualClock.create();
    private final List<String> large = List.of("a", "b", "c", "d");
    private final Set<String> examined = new HashSet<>();
    private final RecordWriter writer = new RecordWriter(
            Stream.concat(large.stream(), Stream.of("small")).toList(),
            app -> app,
            new RecordWriter.Producers(this::producer, this::producer),
            new RecordWriter.Limits(1L << 30, BatchingProducer.BATCH_SIZE),
            clock.nanoTime(),
            Runnable::run);

    private BatchingProducer producer() {
        BatchingProducer producer = new BatchingProducer().topic("small", 1);
        large.forEach(app -> producer.topic(app, PARTITIONS));
        return producer;
    }

    private void steps(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            clock.advance(Duration.ofMillis(100));
            writer.step(0);
        }
    }

    @Test
    void eachStuckPartitionIsExaminedInTurn() throws InterruptedException {
        writer.topics(new RecordWriter.Topics() {
            @Override
            public void want(String appId) {
                writer.topicsReady(appId);
            }

            @Override
            public void examine(List<RecordWriter.Suspect> suspects) {
                suspects.forEach(suspect -> examined.add(suspect.appId() + suspect.partition()));
            }
        });
        large.forEach(writer::topicsReady);
        writer.topicsReady("small");
        steps(2);
        for (int key = 0; key < 10 * PARTITIONS; key++) {
            for (String app : large) {
                writer.write(new TestWrite(app, "key" + key, "value"));
            }
        }
        writer.write(new TestWrite("small", "key", "value"));
        steps(2);

        clock.advance(StuckWatch.STUCK);
        steps(250);

        assertThat(examined).hasSize(large.size() * PARTITIONS + 1).contains("small0");
    }
}
