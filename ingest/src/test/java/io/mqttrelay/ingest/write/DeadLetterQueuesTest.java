package io.mqttrelay.ingest.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.time.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

/** An app with many dead letters; each test decides the producer's answers. */
class DeadLetterQueuesTest {
    private static final Duration ROUND_TRIP = Duration.ofMillis(10);

    private final ManualClock clock = ManualClock.create();
    private final BatchingProducer small = new BatchingProducer().topic("a", 1);
    private final List<TestWrite> deadLetters = new ArrayList<>();
    private RecordWriter writer = withMemory(1 << 20);

    private RecordWriter withMemory(long bytes) {
        return new RecordWriter(
                List.of("a"),
                app -> app,
                new RecordWriter.Producers(() -> small, () -> new BatchingProducer().topic("a", 1)),
                new RecordWriter.Limits(bytes, BatchingProducer.BATCH_SIZE),
                clock.nanoTime(),
                Runnable::run);
    }

    private void begin() {
        writer.topics(app -> {});
        writer.topicsReady("a");
        step(Duration.ofMillis(100));
    }

    private void step(Duration time) {
        clock.advance(time);
        try {
            writer.step(0);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void writeDeadLetters(int count) {
        for (int i = 0; i < count; i++) {
            TestWrite write = new TestWrite("a", "a", "dead" + i + "-");
            write.isDeadLetter = true;
            deadLetters.add(write);
            writer.write(write);
        }
        step(Duration.ZERO);
    }

    /** Stores the batches that are in flight now. */
    private void answer() {
        small.drain();
        for (int batches = small.underWay(); batches > 0; batches--) {
            small.store(0);
        }
    }

    private boolean allAreStored() {
        return deadLetters.stream().allMatch(write -> write.end.equals("stored"));
    }

    @Test
    void aThousandDeadLettersTakeLessThanASecond() {
        begin();
        writeDeadLetters(1000);
        long begin = clock.nanoTime().getAsLong();
        for (int steps = 0; steps < 2000 && !allAreStored(); steps++) {
            step(ROUND_TRIP);
            answer();
        }
        assertThat(allAreStored()).isTrue();
        assertThat(Duration.ofNanos(clock.nanoTime().getAsLong() - begin)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void deadLettersInFlightAreBounded() {
        begin();
        writeDeadLetters(100);
        assertThat(small.sent()).hasSize(DeadLetterQueues.MOST);
    }

    @Test
    void deadLettersWithoutAnAnswerHoldUpNoMessage() {
        writer = withMemory(8L * BatchingProducer.BATCH_SIZE);
        begin();
        writeDeadLetters(100);
        assertThat(small.sent()).as("within their memory").hasSize(4);
        writer.write(new TestWrite("a", "a", "message"));
        step(Duration.ZERO);
        assertThat(small.sent()).contains("a:message0");
    }

    @Test
    void refusedDeadLettersAreAllSentAgain() {
        begin();
        writeDeadLetters(40);
        small.drain();
        small.refuse(0, new TopicAuthorizationException("a.dead"));
        step(Duration.ofSeconds(1));
        writer.topicsReady("a");
        for (int i = 0; i < 10; i++) {
            step(ROUND_TRIP);
            answer();
        }
        assertThat(deadLetters).allMatch(write -> write.end.equals("stored"));
    }
}
