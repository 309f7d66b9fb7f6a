package io.mqttrelay.ingest.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttrelay.testkit.time.ManualClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An error on the thread of Kafka's client, which would end without a word, ends the writer's thread instead. */
class CallbackErrorTest {
    private final ManualClock clock = ManualClock.create();
    private final BatchingProducer producer = new BatchingProducer().topic("a", 1);
    private final RecordWriter writer = new RecordWriter(
            List.of("a"),
            app -> app,
            new RecordWriter.Producers(() -> producer, () -> producer),
            new RecordWriter.Limits(1 << 20, BatchingProducer.BATCH_SIZE),
            clock.nanoTime(),
            Runnable::run);

    private void step() throws InterruptedException {
        clock.advance(Duration.ofMillis(50));
        writer.step(0);
    }

    @Test
    void anErrorInACallbackEndsTheWritersThread() throws InterruptedException {
        writer.topicsReady("a");
        step();
        TestWrite write = new TestWrite("a", "key", "value");
        write.error = new OutOfMemoryError("of the test");
        writer.write(write);
        step();

        assertThatCode(producer::storeAll).doesNotThrowAnyException();

        assertThat(write.end).isEqualTo("stored");
        assertThatThrownBy(this::step).isSameAs(write.error);
    }
}
