package io.mqttrelay.ingest.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.time.ManualClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** Kafka's own stand-in for a producer answers as each test says; the writer's steps run on the test's thread. */
class RecordWriterTest {
    private final ManualClock clock = ManualClock.create();
    private final List<MockProducer<byte[], byte[]>> producers = new ArrayList<>();
    private final List<String> wanted = new ArrayList<>();
    private final RecordWriter writer = new RecordWriter(List.of("a", "b"), this::producer, 1, clock.nanoTime());

    /** A write that notes how it ended. */
    private static final class TestWrite implements Write {
        final String app;
        final String value;
        final boolean mayBeReleased;
        long bytes = 1;
        boolean comesAgain;
        int shrinks;
        int ends;
        String end = "";

        TestWrite(String app, String value, boolean mayBeReleased) {
            this.app = app;
            this.value = value;
            this.mayBeReleased = mayBeReleased;
        }

        @Override
        public String appId() {
            return app;
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public ProducerRecord<byte[], byte[]> record() {
            return new ProducerRecord<>(
                    shrinks == 0 ? app : app + ".dead", null, (value + shrinks).getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public boolean shrink(String why) {
            return ++shrinks <= 2;
        }

        @Override
        public boolean comesAgain() {
            return comesAgain;
        }

        @Override
        public boolean mayBeReleased() {
            return mayBeReleased;
        }

        @Override
        public void stored() {
            end("stored");
        }

        @Override
        public void released() {
            end("released");
        }

        @Override
        public void dropped(String why) {
            end("dropped");
        }

        private void end(String how) {
            end = how;
            ends++;
        }
    }

    private MockProducer<byte[], byte[]> producer() {
        MockProducer<byte[], byte[]> producer =
                new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                    @Override
                    public void close(Duration limit) {
                        super.close(limit);
                        failAll(this, new KafkaException("Producer is closed forcefully."));
                    }
                };
        producers.add(producer);
        return producer;
    }

    private static void failAll(MockProducer<byte[], byte[]> producer, RuntimeException failure) {
        boolean more = producer.errorNext(failure);
        while (more) {
            more = producer.errorNext(failure);
        }
    }

    private MockProducer<byte[], byte[]> current() {
        return producers.get(producers.size() - 1);
    }

    private TestWrite write(String app, String value) {
        TestWrite write = new TestWrite(app, value, true);
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
        return current().history().stream()
                .map(record -> record.topic() + ":" + new String(record.value(), StandardCharsets.UTF_8))
                .toList();
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
        current().completeNext();
        assertThat(early.end).isEqualTo("stored");
        step(Duration.ZERO);
        assertThat(writer.problems()).isEmpty();
    }

    @Test
    void kafkasClientIsGivenNoMoreThanTheAppsShareAndTheRestAsItComesFree() {
        ready("a", "b");
        for (int i = 1; i <= 5; i++) {
            TestWrite large = new TestWrite("a", Integer.toString(i), true);
            large.bytes = 200 * 1024;
            writer.write(large);
        }
        write("b", "1");
        step(Duration.ZERO);
        assertThat(sent()).containsExactly("a:10", "a:20", "b:10");
        current().completeNext();
        step(Duration.ZERO);
        assertThat(sent()).as("more than half of the share is still out").hasSize(3);
        current().completeNext();
        step(Duration.ZERO);
        assertThat(sent()).containsExactly("a:10", "a:20", "b:10", "a:30", "a:40");
    }

    @Test
    void anAppWhoseTopicRefusesHoldsUpNobodyElseAndKeepsItsOrder() {
        ready("a", "b");
        write("a", "1");
        write("a", "2");
        write("b", "1");
        step(Duration.ZERO);
        current().errorNext(new TopicAuthorizationException("a"));
        write("a", "3");
        TestWrite other = write("b", "2");
        step(Duration.ZERO);
        assertThat(sent()).containsExactly("a:10", "a:20", "b:10", "b:20");
        assertThat(writer.problems())
                .anyMatch(problem -> problem.contains("app a") && problem.contains("Authorization"));
        current().errorNext(new TopicAuthorizationException("a"));
        current().completeNext();
        current().completeNext();
        assertThat(other.end).isEqualTo("stored");

        step(Duration.ofSeconds(1));
        assertThat(wanted).contains("a");
        writer.topicsReady("a");
        step(Duration.ZERO);
        assertThat(sent().subList(4, sent().size())).containsExactly("a:10", "a:20", "a:30");
    }

    @Test
    void aDeadProducerIsReplacedAndNothingIsLostOrReordered() {
        ready("a", "b");
        List<TestWrite> writes = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            writes.add(write(i % 2 == 0 ? "a" : "b", Integer.toString(i)));
        }
        step(Duration.ZERO);
        current().completeNext();
        current().errorNext(new SaslAuthenticationException("the password was changed"));
        step(Duration.ofSeconds(1));
        assertThat(producers).hasSize(2);
        assertThat(producers.get(0).closed()).isTrue();
        assertThat(writes).extracting(write -> write.end).containsExactly("stored", "", "", "", "");
    }

    @Test
    void whatADeadProducerLeavesBehindDoesNotEndTheNext() {
        ready("a");
        for (int i = 0; i < 5000; i++) {
            write("a", Integer.toString(i));
        }
        step(Duration.ZERO);
        assertThat(sent()).hasSizeGreaterThan(2000);
        current().errorNext(new ProducerFencedException("another took its place"));
        for (int i = 0; i < 50; i++) {
            step(Duration.ofMillis(150));
        }
        assertThat(producers).hasSize(2);
        assertThat(current().closed()).isFalse();
    }

    @Test
    void aRecordThatIsTooLargeShrinksUntilItFitsOrIsDropped() {
        ready("a");
        TestWrite fits = write("a", "x");
        TestWrite never = write("a", "y");
        TestWrite next = write("a", "z");
        step(Duration.ZERO);
        current().errorNext(new RecordTooLargeException("too large"));
        current().errorNext(new RecordBatchTooLargeException("larger than a segment"));
        current().completeNext();
        step(Duration.ZERO);
        assertThat(next.end).isEqualTo("stored");
        assertThat(sent()).endsWith("a.dead:x1", "a.dead:y1");
        current().completeNext();
        assertThat(fits.end).isEqualTo("stored");
        current().errorNext(new RecordTooLargeException("too large"));
        step(Duration.ZERO);
        current().errorNext(new RecordTooLargeException("too large"));
        step(Duration.ZERO);
        assertThat(never.end).isEqualTo("dropped");
    }

    @Test
    void whatComesAgainIsReleasedAndNotSent() {
        ready("a");
        writer.hold(true);
        TestWrite dead = write("a", "1");
        TestWrite alive = write("a", "2");
        step(Duration.ZERO);
        dead.comesAgain = true;
        writer.releaseComingAgain();
        writer.hold(false);
        step(Duration.ZERO);
        assertThat(dead.end).isEqualTo("released");
        assertThat(sent()).containsExactly("a:20");
        assertThat(alive.end).isEmpty();
    }

    @Test
    void aDrainReleasesWhatTheBrokerKeepsAndWaitsForTheRest() throws Exception {
        ready("a");
        TestWrite inHand = write("a", "1");
        step(Duration.ZERO);
        writer.hold(true);
        TestWrite kept = write("a", "2");
        TestWrite qos0 = new TestWrite("a", "3", false);
        writer.write(qos0);
        step(Duration.ZERO);
        assertThat(writer.drain(Duration.ZERO)).isFalse();
        step(Duration.ZERO);
        assertThat(kept.end).isEqualTo("released");
        assertThat(sent()).containsExactly("a:10", "a:30");
        current().completeNext();
        current().completeNext();
        assertThat(inHand.end).isEqualTo("stored");
        assertThat(qos0.end).isEqualTo("stored");
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
        current().completeNext();
        step(Duration.ZERO);
        assertThat(writer.problems()).isEmpty();
        assertThat(writer.oldestNanos()).isZero();
    }

    @Property(tries = 100)
    void whateverFailsEachWriteEndsOnceAndAnAppsLastAttemptsAreInOrder(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int count) {
        new RecordWriterTest().failAtRandom(new Random(seed), count); // jqwik keeps one instance for all tries
    }

    private void failAtRandom(Random random, int count) {
        ready("a", "b");
        List<TestWrite> writes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            writes.add(write("a", "%03d-".formatted(i)));
            if (random.nextInt(3) == 0) {
                step(Duration.ofMillis(random.nextInt(300)));
                fail(random);
            }
        }
        for (int round = 0; round < 200 && writes.stream().anyMatch(write -> write.ends == 0); round++) {
            step(Duration.ofMillis(500));
            writer.topicsReady("a");
            step(Duration.ZERO);
            if (round < 20) {
                fail(random);
            } else {
                completeAll();
            }
        }
        assertThat(writes).allSatisfy(write -> {
            assertThat(write.end).isEqualTo("stored");
            assertThat(write.ends).isOne();
        });
        assertThat(lastAttempts()).isSorted();
    }

    /** All that is under way is refused, in a way that passes: what is refused is always the rest, as of a real topic. */
    private void fail(Random random) {
        int passes = random.nextInt(4);
        for (int i = 0; i < passes; i++) {
            current().completeNext();
        }
        RuntimeException failure = random.nextBoolean()
                ? new TimeoutException("no metadata")
                : new SaslAuthenticationException("password");
        failAll(current(), failure);
    }

    private void completeAll() {
        boolean more = current().completeNext();
        while (more) {
            more = current().completeNext();
        }
    }

    private List<String> lastAttempts() {
        Set<String> last = new LinkedHashSet<>();
        for (MockProducer<byte[], byte[]> producer : producers) {
            producer.history().forEach(record -> {
                String value = new String(record.value(), StandardCharsets.UTF_8);
                last.remove(value);
                last.add(value);
            });
        }
        return List.copyOf(last);
    }
}
