package io.mqttrelay.dispatch.settle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.admin.Readiness;
import io.mqttrelay.common.record.DeadLetter;
import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.topic.TopicNames;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the writer of dead letters does when Kafka's producer fails as a broker on loopback hardly can. */
final class DeadLettersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** A producer in which the topic of one app is missing: each send waits for it, as the real one does. */
    private static final class Producing extends MockProducer<byte[], byte[]> {
        final AtomicInteger waits = new AtomicInteger();
        volatile String missing = "";
        volatile boolean fatal;
        /** A letter of so many bytes is too large. */
        volatile int tooLarge = Integer.MAX_VALUE;
        /** The next one is refused, and its callback says so as well, a moment later. */
        volatile boolean failsTwice;

        Producing(boolean answers) {
            super(answers, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
            if (failsTwice) {
                failsTwice = false;
                RuntimeException failure = new ClusterAuthorizationException("simulated");
                CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS)
                        .execute(() -> callback.onCompletion(null, failure));
                throw new KafkaException("it is in an error state", failure);
            }
            RuntimeException failure = failureOf(record);
            if (failure == null) {
                return super.send(record, callback);
            }
            callback.onCompletion(null, failure); // on the caller's thread, as the real one does
            return CompletableFuture.failedFuture(failure);
        }

        private RuntimeException failureOf(ProducerRecord<byte[], byte[]> record) {
            if (fatal) {
                return new UnsupportedVersionException("simulated");
            }
            if (record.value().length >= tooLarge) {
                return new RecordTooLargeException("simulated");
            }
            if (!record.topic().equals(missing)) {
                return null;
            }
            try {
                Thread.sleep(200); // max.block.ms passes
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            waits.incrementAndGet();
            return new TimeoutException("topic " + record.topic() + " not present in metadata");
        }
    }

    private final List<Producing> producers = new CopyOnWriteArrayList<>();
    private final Readiness readiness = new Readiness();
    private final AtomicInteger ensured = new AtomicInteger();
    private boolean answers = true;
    private final DeadLetters letters = new DeadLetters(
            new RecordCodec(), new TopicNames("d"), appId -> ensured.incrementAndGet(), this::produce, readiness);

    private Producing produce() {
        Producing producer = new Producing(answers);
        producers.add(producer);
        return producer;
    }

    @AfterEach
    void end() throws InterruptedException {
        letters.close(Duration.ofSeconds(1));
    }

    private void write(String appId, Runnable stored) {
        write(appId, 1, stored);
    }

    private void write(String appId, int bytes, Runnable stored) {
        letters.write(
                new ConsumerRecord<>("d." + appId, 0, 7, null, new byte[bytes]),
                appId,
                null,
                new DeadLetter(DeadReason.UNDECODABLE, null, 0, null, "simulated", 0),
                stored);
    }

    @Test
    void aLetterIsStoredWhenKafkaSaysSoAndNotBefore() {
        answers = false;
        AtomicInteger stored = new AtomicInteger();
        write("app", stored::incrementAndGet);
        await().atMost(PATIENCE)
                .until(() -> !producers.isEmpty() && !producers.get(0).history().isEmpty());
        assertThat(stored).hasValue(0);

        producers.get(0).completeNext();
        assertThat(stored).hasValue(1);
    }

    @Test
    void oneAppsMissingTopicHoldsUpNoOther() {
        write("first", () -> {});
        await().atMost(PATIENCE).until(() -> !producers.isEmpty());
        Producing producer = producers.get(0);
        producer.missing = "d.lost.dead";
        AtomicInteger lost = new AtomicInteger();
        AtomicInteger other = new AtomicInteger();
        for (int i = 0; i < 200; i++) {
            write("lost", lost::incrementAndGet);
            write("other", other::incrementAndGet);
        }

        await().atMost(Duration.ofSeconds(3)).until(() -> other.get() == 200);
        assertThat(lost).hasValue(0);
        await().atMost(PATIENCE).until(() -> ensured.get() >= 2);
        assertThat(producer.waits.get()).isLessThanOrEqualTo(ensured.get() + 2); // one at a time, not one per letter
        assertThat(readiness.reasons())
                .hasSize(1)
                .allSatisfy(reason -> assertThat(reason.reason()).contains("d.lost.dead"));

        producer.missing = "";
        await().atMost(PATIENCE).until(() -> lost.get() == 200);
        await().atMost(PATIENCE).until(() -> readiness.reasons().isEmpty());
        assertThat(producers).hasSize(1);
    }

    @Test
    void oneThatIsTooLargeHoldsUpNoOther() {
        write("app", () -> {});
        await().atMost(PATIENCE).until(() -> !producers.isEmpty());
        producers.get(0).tooLarge = 1000;
        AtomicInteger large = new AtomicInteger();
        AtomicInteger others = new AtomicInteger();
        write("app", 1000, large::incrementAndGet);
        for (int i = 0; i < 100; i++) {
            write("app", others::incrementAndGet);
        }
        await().atMost(PATIENCE).until(() -> others.get() == 100);
        assertThat(large).hasValue(0);
        assertThat(readiness.reasons()).hasSize(1);

        producers.get(0).tooLarge = Integer.MAX_VALUE; // the limit was raised
        await().atMost(PATIENCE).until(() -> large.get() == 1);
        await().atMost(PATIENCE).until(() -> readiness.reasons().isEmpty());
        assertThat(producers).hasSize(1);
    }

    @Test
    void oneThatIsRefusedAndFailsIsWrittenOnceAllTheSame() {
        write("app", () -> {});
        await().atMost(PATIENCE).until(() -> !producers.isEmpty());
        producers.get(0).failsTwice = true;
        AtomicInteger stored = new AtomicInteger();
        write("app", stored::incrementAndGet);
        AtomicInteger next = new AtomicInteger();
        await().atMost(PATIENCE).until(() -> stored.get() == 1);
        write("app", next::incrementAndGet);
        await().atMost(PATIENCE).until(() -> next.get() == 1);

        assertThat(stored).hasValue(1);
        assertThat(producers.stream().mapToInt(each -> each.history().size()).sum())
                .isEqualTo(3);
    }

    @Test
    void aProducerThatIsDoneForIsReplaced() {
        write("app", () -> {});
        await().atMost(PATIENCE).until(() -> !producers.isEmpty());
        producers.get(0).fatal = true;
        AtomicInteger stored = new AtomicInteger();
        write("app", stored::incrementAndGet);

        await().atMost(PATIENCE).until(() -> stored.get() == 1);
        assertThat(producers).hasSize(2);
        assertThat(producers.get(0).closed()).isTrue();
    }

    @Test
    void aLetterThatIsNeitherTakenNorRefusedMakesTheTopicsBeLookedAfter() {
        answers = false;
        AtomicInteger stored = new AtomicInteger();
        write("app", stored::incrementAndGet);

        await().atMost(PATIENCE).until(() -> ensured.get() >= 1);
        assertThat(readiness.reasons()).hasSize(1);
        producers.get(0).completeNext();
        await().atMost(PATIENCE).until(() -> readiness.reasons().isEmpty());
        assertThat(stored).hasValue(1);
    }

    @Test
    void whatComesAfterTheEndIsLeftToTheNextProcess() throws InterruptedException {
        letters.close(Duration.ofSeconds(1));
        AtomicInteger stored = new AtomicInteger();
        write("app", stored::incrementAndGet);

        assertThat(stored).hasValue(0);
    }
}
