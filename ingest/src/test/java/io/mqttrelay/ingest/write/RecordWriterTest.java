package io.mqttrelay.ingest.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.time.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

/**
 * The writer with a producer that forms batches as Kafka's does; each test decides the answers. The steps run on the
 * test's thread.
 */
class RecordWriterTest {
    private final ManualClock clock = ManualClock.create();
    private final List<BatchingProducer> producers = new ArrayList<>();
    private boolean twoPartitions;
    private final List<String> wanted = new ArrayList<>();
    private final RecordWriter writer = new RecordWriter(
            List.of("a", "b"),
            app -> app,
            new RecordWriter.Producers(this::producer, this::largeProducer),
            new RecordWriter.Limits(1 << 20, BatchingProducer.BATCH_SIZE),
            clock.nanoTime(),
            Runnable::run);

    private BatchingProducer producer() {
        BatchingProducer producer =
                new BatchingProducer().topic("a", twoPartitions ? 2 : 1).topic("b", 1);
        producers.add(producer);
        return producer;
    }

    private BatchingProducer largeProducer() {
        return new BatchingProducer().topic("a", twoPartitions ? 2 : 1).topic("b", 1);
    }

    private BatchingProducer current() {
        return producers.get(producers.size() - 1);
    }

    private TestWrite write(String app, String value) {
        return write(app, app, value);
    }

    private TestWrite write(String app, String key, String value) {
        TestWrite write = new TestWrite(app, key, value);
        writer.write(write);
        return write;
    }

    private void step(Duration time) {
        clock.advance(time);
        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofMillis(50));
            try {
                writer.step(0);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private void ready(String... apps) {
        writer.topics(wanted::add);
        for (String app : apps) {
            writer.topicsReady(app);
        }
        step(Duration.ZERO);
    }

    private List<String> sent() {
        current().drain();
        return current().sent();
    }

    private void store() {
        current().drain();
        current().store(0);
    }

    private void refuse(RuntimeException why) {
        current().drain();
        current().refuse(0, why);
    }

    @Test
    void nothingIsSentBeforeTheTopicsAreThere() {
        ready();
        TestWrite early = write("a", "1");
        step(Duration.ofSeconds(1));
        assertThat(sent()).isEmpty();
        assertThat(writer.problems()).anyMatch(problem -> problem.contains("app a"));
        ready("a", "b");
        assertThat(sent()).containsExactly("a:10");
        store();
        assertThat(early.end).isEqualTo("stored");
        step(Duration.ZERO);
        assertThat(writer.problems()).isEmpty();
    }

    @Test
    void sendsABatchOfAPartitionWhenTheOneBeforeIsStored() {
        ready("a", "b");
        for (int i = 1; i <= 4; i++) {
            write("a", Integer.toString(i));
        }
        write("b", "1");
        step(Duration.ZERO);
        assertThat(sent()).containsExactly("a:10", "b:10");
        store();
        assertThat(sent()).containsExactly("b:10", "a:20", "a:30", "a:40");
        assertThat(current().underWay()).isEqualTo(2);
    }

    @Test
    void aRefusingTopicBlocksNoOtherAppAndKeepsItsOrder() {
        ready("a", "b");
        write("a", "1");
        write("a", "2");
        write("b", "1");
        step(Duration.ZERO);
        refuse(new TopicAuthorizationException("a"));
        write("a", "3");
        TestWrite other = write("b", "2");
        step(Duration.ZERO);
        assertThat(sent()).containsExactly("b:10");
        assertThat(writer.problems())
                .anyMatch(problem -> problem.contains("app a") && problem.contains("Authorization"));
        store();
        store();
        assertThat(other.end).isEqualTo("stored");

        step(Duration.ofSeconds(1));
        assertThat(wanted).contains("a");
        writer.topicsReady("a");
        step(Duration.ZERO);
        current().storeAll();
        assertThat(current().stored("a")).containsExactly("10", "20", "30");
    }

    @Test
    void retriesARefusedPartitionAfterItsMessagesWereReleased() {
        ready("a");
        TestWrite released = write("a", "1");
        step(Duration.ZERO);
        refuse(new TopicAuthorizationException("a"));
        step(Duration.ZERO);
        released.comesAgain = true;
        writer.releaseComingAgain();
        step(Duration.ZERO);
        assertThat(released.end).isEqualTo("released");
        wanted.clear();
        write("a", "2");
        step(Duration.ofSeconds(1));
        assertThat(wanted).contains("a");
        writer.topicsReady("a");
        step(Duration.ZERO);
        assertThat(sent()).containsExactly("a:20");
    }

    @Test
    void theProblemStaysUntilAMessageIsStored() {
        ready("a", "b");
        write("a", "1");
        step(Duration.ZERO);
        for (int round = 0; round < 5; round++) {
            refuse(new TopicAuthorizationException("a"));
            step(Duration.ofSeconds(6));
            assertThat(writer.problems()).hasSize(1);
            writer.topicsReady("a");
            step(Duration.ZERO);
            assertThat(sent()).containsExactly("a:10");
            assertThat(writer.problems()).as("sent again, not stored").hasSize(1);
        }
        store();
        step(Duration.ZERO);
        assertThat(writer.problems()).isEmpty();
    }

    @Test
    void aRefusedDeadLetterHoldsUpNoMessage() {
        ready("a", "b");
        TestWrite large = write("a", "large");
        step(Duration.ZERO);
        refuse(new RecordTooLargeException("too large"));
        step(Duration.ZERO);
        assertThat(sent()).containsExactly("a.dead:large1");
        refuse(new TopicAuthorizationException("a.dead"));
        TestWrite next = write("a", "next");
        step(Duration.ZERO);
        assertThat(sent()).containsExactly("a:next0");
        store();
        step(Duration.ZERO);
        assertThat(next.end).isEqualTo("stored");
        assertThat(writer.problems())
                .singleElement()
                .asString()
                .contains("app a: its dead letters are not stored: ", "Authorization");
        assertThat(large.end).isEmpty();

        step(Duration.ofSeconds(1));
        writer.topicsReady("a");
        step(Duration.ZERO);
        store();
        assertThat(large.end).isEqualTo("stored");
    }

    @Test
    void aRejectedPasswordClosesTheProducerAndNothingIsLost() {
        ready("a", "b");
        List<TestWrite> writes = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            writes.add(write(i % 2 == 0 ? "a" : "b", Integer.toString(i)));
        }
        step(Duration.ZERO);
        store();
        refuse(new SaslAuthenticationException("the password was changed"));
        step(Duration.ofSeconds(1));
        assertThat(producers).hasSize(2);
        assertThat(producers.get(0).isShut()).isTrue();
        assertThat(writes).extracting(write -> write.end).containsExactly("stored", "", "", "", "");
        current().storeAll();
        assertThat(current().stored("a")).containsExactly("20", "40");
        assertThat(current().stored("b")).containsExactly("10", "30");
    }

    @Test
    void aProducerThatEndsIsClosedAfterTheOthersAreStored() {
        ready("a", "b");
        write("a", "1");
        write("b", "1");
        step(Duration.ZERO);
        refuse(new ProducerFencedException("another took its place"));
        write("a", "2");
        step(Duration.ofSeconds(1));
        assertThat(producers).hasSize(2);
        assertThat(sent()).containsExactly("a:10");
        assertThat(producers.get(0).isShut()).isFalse();
        producers.get(0).store(0);
        step(Duration.ZERO);
        assertThat(producers.get(0).isShut()).isTrue();
        assertThat(producers.get(0).stored("b")).containsExactly("10");
        current().storeAll();
        assertThat(current().stored("a")).containsExactly("10", "20");
        assertThat(current().stored("b")).isEmpty();
    }

    @Test
    void failuresOfADeadProducerDoNotEndTheNext() {
        ready("a", "b");
        for (int i = 0; i < 100; i++) {
            write(i % 2 == 0 ? "a" : "b", Integer.toString(i));
        }
        step(Duration.ZERO);
        refuse(new SaslAuthenticationException("the password was changed"));
        for (int i = 0; i < 50; i++) {
            step(Duration.ofMillis(150));
        }
        assertThat(producers).hasSize(2);
        assertThat(current().isShut()).isFalse();
    }

    @Test
    void aRecordThatIsTooLargeShrinksUntilItFitsOrIsDropped() {
        ready("a");
        TestWrite fits = write("a", "x");
        step(Duration.ZERO);
        refuse(new RecordTooLargeException("too large"));
        TestWrite never = write("a", "y");
        step(Duration.ZERO);
        store();
        assertThat(fits.end).isEqualTo("stored");
        assertThat(sent()).containsExactly("a:y0");
        refuse(new RecordBatchTooLargeException("larger than a segment"));
        TestWrite next = write("a", "z");
        step(Duration.ZERO);
        refuse(new RecordTooLargeException("too large"));
        step(Duration.ZERO);
        assertThat(sent()).containsExactly("a:z0", "a.dead:y2");
        store();
        assertThat(next.end).isEqualTo("stored");
        refuse(new RecordTooLargeException("too large"));
        step(Duration.ZERO);
        assertThat(never.end).isEqualTo("dropped");
    }

    @Test
    void aTopicWithoutMetadataIsAskedForAgainAtOnce() {
        ready("a", "b");
        current().refusesAtOnce = new TimeoutException("Topic a not present in metadata after 0 ms.");
        write("a", "1");
        step(Duration.ZERO);
        current().refusesAtOnce = null;
        step(Duration.ofMillis(50));
        assertThat(sent()).containsExactly("a:10");
        assertThat(writer.problems()).isEmpty();
        assertThat(wanted).isEmpty();
    }

    @Test
    void aTopicThatStaysWithoutMetadataIsToldAndLookedAt() {
        ready("a", "b");
        current().topic("a", null);
        current().refusesAtOnce = new TimeoutException("Topic a not present in metadata after 0 ms.");
        write("a", "1");
        step(Duration.ZERO);
        for (int second = 0; second < 11; second++) {
            step(Duration.ofSeconds(1));
        }
        assertThat(writer.problems()).containsExactly("app a: Kafka's client gets no metadata of its topic");
        assertThat(wanted).contains("a");
        writer.topicsMissing("a", "it may not be created");
        step(Duration.ZERO);
        assertThat(writer.problems()).containsExactly("app a: it may not be created");
    }

    @Test
    void oneRecordOfARefusedBatchEndsNoProducer() {
        ready("a", "b");
        write("a", "1");
        step(Duration.ZERO);
        refuse(new KafkaException(
                "Failed to append record because it was part of a batch which had one more more invalid records"));
        step(Duration.ofSeconds(1));
        assertThat(producers).hasSize(1);
        assertThat(writer.problems()).hasSize(1);
    }

    @Test
    void releasesMessagesThatComeAgain() {
        ready();
        TestWrite dead = write("a", "1");
        TestWrite alive = write("a", "2");
        step(Duration.ZERO);
        dead.comesAgain = true;
        writer.releaseComingAgain();
        ready("a");
        assertThat(dead.end).isEqualTo("released");
        assertThat(sent()).containsExactly("a:20");
        assertThat(alive.end).isEmpty();
    }

    @Test
    void releasesAMessageThatComesAgainAtItsTurn() {
        ready("a");
        write("a", "1");
        TestWrite dead = write("a", "2");
        step(Duration.ZERO);
        dead.comesAgain = true;
        store();
        assertThat(sent()).isEmpty();
        step(Duration.ZERO);
        assertThat(dead.end).isEqualTo("released");
    }

    @Test
    void aDrainReleasesKeptMessagesAndWaitsForTheRest() throws Exception {
        ready("a");
        TestWrite inHand = write("a", "1");
        step(Duration.ZERO);
        TestWrite kept = write("a", "2");
        TestWrite qos0 = new TestWrite("a", "a", "3");
        qos0.mayBeReleased = false;
        writer.write(qos0);
        step(Duration.ZERO);
        assertThat(writer.drain(Duration.ZERO)).isFalse();
        step(Duration.ZERO);
        assertThat(kept.end).isEqualTo("released");
        assertThat(sent()).containsExactly("a:10");
        current().storeAll();
        assertThat(current().stored("a")).containsExactly("10", "30");
        assertThat(inHand.end).isEqualTo("stored");
        assertThat(qos0.end).isEqualTo("stored");
    }

    @Test
    void aDrainStoresMessagesBeforeASentOne() throws Exception {
        twoPartitions = true;
        ready("a");
        TestWrite first = write("a", "k1", "1");
        TestWrite between = write("a", "k1", "2");
        TestWrite other = write("a", "k3", "3");
        TestWrite last = write("a", "k1", "4");
        step(Duration.ZERO);
        assertThat(sent()).containsExactly("a:10", "a:30");
        assertThat(writer.drain(Duration.ZERO)).isFalse();
        step(Duration.ZERO);
        assertThat(last.end).isEqualTo("released");
        current().storeAll();
        assertThat(List.of(first, between, other)).allMatch(write -> write.end.equals("stored"));
    }

    @Test
    void aSendThatNeverEndsIsToldAndItsTopicLookedAt() {
        ready("a", "b");
        write("a", "1");
        step(Duration.ZERO);
        step(Duration.ofSeconds(6));
        assertThat(wanted).contains("a");
        assertThat(writer.problems()).isEmpty();
        step(Duration.ofSeconds(5));
        assertThat(writer.problems()).containsExactly("app a: Kafka does not store its messages");
        assertThat(writer.oldestNanos()).isGreaterThan(TimeUnit.SECONDS.toNanos(10));
        store();
        step(Duration.ZERO);
        assertThat(writer.problems()).isEmpty();
        assertThat(writer.oldestNanos()).isZero();
    }
}
