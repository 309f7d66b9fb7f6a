package io.mqttrelay.ingest.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.time.ManualClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Apps with large and small messages; each test decides the producers' answers. */
class LargeRecordsTest {
    private static final int PARTITIONS = 8;
    private static final long LIMIT = 1_000_000;
    /** Two of them exceed the limit, and three fit the memory. */
    private static final long LARGE = 900_000;

    private final ManualClock clock = ManualClock.create();
    private final Map<TopicPartition, List<String>> stored = new HashMap<>();
    private final List<BatchingProducer> made = new ArrayList<>();
    private final RecordWriter writer = new RecordWriter(
            List.of("a", "b", "c", "d"),
            app -> app,
            new RecordWriter.Producers(this::producer, this::producer),
            new RecordWriter.Limits(LIMIT, BatchingProducer.BATCH_SIZE),
            clock.nanoTime(),
            Runnable::run);

    private BatchingProducer producer() {
        BatchingProducer producer = new BatchingProducer(stored);
        Stream.of("a", "b", "c", "d").forEach(topic -> producer.topic(topic, PARTITIONS));
        made.add(producer);
        return producer;
    }

    private BatchingProducer small() {
        return made.get(0);
    }

    private BatchingProducer large() {
        return made.get(1);
    }

    @BeforeEach
    void begin() {
        Stream.of("a", "b", "c", "d").forEach(writer::topicsReady);
        step();
    }

    private void step() {
        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofMillis(50));
            try {
                writer.step(0);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Sends a message to the partition of this name. */
    private TestWrite send(String app, String partition, long bytes) {
        int number = 0;
        while (Utils.toPositive(Utils.murmur2(Integer.toString(number).getBytes(StandardCharsets.UTF_8))) % PARTITIONS
                != Integer.parseInt(partition)) {
            number++;
        }
        TestWrite write = new TestWrite(app, Integer.toString(number), partition + "-", bytes);
        writer.write(write);
        step();
        return write;
    }

    private TestWrite sendDeadLetter(String app, String value, long bytes) {
        TestWrite write = new TestWrite(app, app, value, bytes);
        write.isDeadLetter = true;
        writer.write(write);
        step();
        return write;
    }

    private List<String> sent(BatchingProducer producer) {
        producer.drain();
        return producer.sent();
    }

    @Test
    void aSmallRecordWaitsForNoLargeOne() {
        send("a", "1", LARGE);
        send("a", "2", LARGE);
        send("a", "3", 1);
        send("b", "4", 1);
        assertThat(sent(large())).containsExactly("a:1-0");
        assertThat(sent(small())).containsExactlyInAnyOrder("a:3-0", "b:4-0");
    }

    @Test
    void aLargeDeadLetterTakesATurnAmongLargeRecords() {
        TestWrite dead = sendDeadLetter("a", "x", LARGE);
        send("b", "2", LARGE);
        sendDeadLetter("c", "y", 1);
        assertThat(sent(large())).containsExactly("a.dead:x0");
        assertThat(sent(small())).containsExactly("c.dead:y0");
        large().store(0);
        step();
        assertThat(dead.end).isEqualTo("stored");
        assertThat(sent(large())).containsExactly("b:2-0");
        assertThat(sent(small())).containsExactly("c.dead:y0");
    }

    @Test
    void theDeadLetterOfALargeRecordThatShrinksIsSmall() {
        TestWrite write = send("a", "1", LARGE);
        sent(large());
        large().refuse(0, new RecordTooLargeException("too large"));
        step();
        assertThat(sent(large())).isEmpty();
        assertThat(sent(small())).containsExactly("a.dead:1-1");
        small().store(0);
        assertThat(write.end).isEqualTo("stored");
    }

    @Test
    void severalPartitionsOfAnAppGoWhenOthersHaveUsedUpTheBound() {
        Stream.of("0", "1", "2").forEach(partition -> send("a", partition, 250_000));
        send("c", "0", 250_000);
        send("d", "0", 250_000);
        assertThat(sent(small())).as("as much as the bound").hasSize(4);
        Stream.of("0", "1", "2", "3", "4", "5").forEach(partition -> send("b", partition, 1));
        assertThat(sent(small())).filteredOn(record -> record.startsWith("b:")).hasSize(4);
    }

    @Test
    void aRecordThatWouldFitDoesNotPassOneWhoseTurnItIs() {
        send("a", "1", LARGE / 2);
        send("b", "2", LARGE);
        send("c", "3", LARGE / 2);
        assertThat(sent(large())).containsExactly("a:1-0");
        large().store(0);
        step();
        assertThat(sent(large())).containsExactly("b:2-0");
    }

    @Test
    void appsTakeTurnsWithLargeRecords() {
        send("a", "1", LARGE);
        send("a", "2", LARGE);
        send("a", "3", LARGE);
        send("b", "4", LARGE);
        send("c", "5", LARGE);
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            assertThat(sent(large())).hasSize(1);
            order.addAll(sent(large()));
            large().store(0);
            step();
        }
        assertThat(order).startsWith("a:1-0", "b:4-0", "c:5-0").endsWith("a:2-0", "a:3-0");
    }

    @Test
    void theNextAppIsToldWithoutWaitingForATick() throws InterruptedException {
        send("a", "1", LARGE);
        send("b", "2", LARGE);
        sent(large());
        large().store(0);
        writer.step(0);
        assertThat(sent(large())).containsExactly("b:2-0");
    }

    @Test
    void aLargeRecordThatIsStuckHoldsUpNoOtherApp() {
        send("a", "1", LARGE);
        send("b", "2", LARGE);
        assertThat(sent(large())).containsExactly("a:1-0");
        clock.advance(Duration.ofNanos(LargeRecords.STUCK));
        step();
        assertThat(sent(large())).containsExactly("a:1-0", "b:2-0");
    }

    @Test
    void stuckRecordsStayWithinTheirMemory() {
        for (String app : List.of("a", "b", "c", "d")) {
            send(app, "1", LARGE);
            clock.advance(Duration.ofNanos(LargeRecords.STUCK));
        }
        step();
        assertThat(sent(large())).containsExactly("a:1-0", "b:1-0", "c:1-0");
        large().store(0);
        step();
        assertThat(sent(large())).containsExactly("b:1-0", "c:1-0", "d:1-0");
    }

    @Test
    void deadLettersAndMessagesOfAnAppShareItsMemory() {
        send("a", "1", LARGE);
        clock.advance(Duration.ofNanos(LargeRecords.STUCK));
        sendDeadLetter("a", "x", LARGE);
        for (String app : List.of("b", "c")) {
            clock.advance(Duration.ofNanos(LargeRecords.STUCK));
            send(app, "1", LARGE);
        }
        assertThat(sent(large())).containsExactly("a:1-0", "b:1-0", "c:1-0");
        large().storeAllOf("a");
        clock.advance(Duration.ofNanos(LargeRecords.STUCK));
        step();
        assertThat(sent(large())).containsExactly("b:1-0", "c:1-0", "a.dead:x0");
    }

    @Test
    void anAppThatAsksNoMoreLosesItsTurn() {
        send("a", "1", LARGE);
        TestWrite released = send("b", "2", LARGE);
        send("c", "3", LARGE);
        released.comesAgain = true;
        writer.releaseComingAgain();
        large().storeAll();
        clock.advance(Duration.ofNanos(LargeRecords.TURN_ENDS));
        step();
        assertThat(released.end).isEqualTo("released");
        assertThat(sent(large())).containsExactly("c:3-0");
    }
}
