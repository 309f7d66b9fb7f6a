package io.mqttrelay.dispatch.settle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mqttrelay.common.admin.Readiness;
import io.mqttrelay.common.record.DeadLetter;
import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.thread.GuardedExecutors;
import io.mqttrelay.common.topic.TopicNames;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
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

/** How the writer of dead letters handles producer failures that a broker on loopback can hardly cause. */
final class DeadLettersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** A producer in which the topic of one app is missing: each send counts as a wait of {@link #MAX_BLOCK}. */
    private static final class Producing extends MockProducer<byte[], byte[]> {
        /** For so long the real one blocks all sends, at {@code max.block.ms}. */
        static final Duration MAX_BLOCK = Duration.ofMillis(200);

        final AtomicInteger waits = new AtomicInteger();
        volatile String missing = "";
        volatile boolean fatal;
        /** Size from which a letter is too large, bytes. */
        volatile int tooLarge = Integer.MAX_VALUE;
        /** The next send is refused, and its callback fails as well, a moment later. */
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
            waits.incrementAndGet();
            return new TimeoutException("topic " + record.topic() + " not present in metadata");
        }
    }

    private final List<Producing> producers = new CopyOnWriteArrayList<>();
    private final Readiness readiness = new Readiness();
    private final AtomicInteger ensured = new AtomicInteger();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    /** Opened when the topics of app {@code a} may be answered for. */
    private volatile CountDownLatch topicsOfA = new CountDownLatch(0);

    private volatile boolean topicsFail;
    private boolean answers = true;
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final DeadLetters letters = new DeadLetters(
            new RecordCodec(),
            new TopicNames("d"),
            this::ensure,
            this::produce,
            readiness,
            new DeadLetterMeters(meters),
            new GuardedExecutors(failures::add));

    private boolean ensure(String appId) throws InterruptedException {
        ensured.incrementAndGet();
        if (topicsFail) {
            throw new OutOfMemoryError("simulated");
        }
        boolean held = appId.equals("a") && !topicsOfA.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(held).isFalse();
        return true;
    }

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
        Duration limit = Duration.ofSeconds(3);
        long began = System.nanoTime();
        for (int i = 0; i < 200; i++) {
            write("lost", lost::incrementAndGet);
            write("other", other::incrementAndGet);
        }

        await().atMost(limit).until(() -> other.get() == 200);
        Duration blocked = Producing.MAX_BLOCK.multipliedBy(producer.waits.get());
        assertThat(Duration.ofNanos(System.nanoTime() - began).plus(blocked)).isLessThan(limit);
        assertThat(lost).hasValue(0);
        await().atMost(PATIENCE).until(() -> !readiness.degraded().isEmpty()); // the first letter has failed
        assertThat(producer.waits.get()).isLessThanOrEqualTo(ensured.get() + 2); // one at a time, not one per letter
        assertThat(readiness.degraded())
                .hasSize(1)
                .allSatisfy(reason -> assertThat(reason.reason()).contains("d.lost.dead"));

        producer.missing = "";
        await().atMost(PATIENCE).until(() -> lost.get() == 200);
        await().atMost(PATIENCE).until(() -> readiness.degraded().isEmpty());
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
        assertThat(readiness.degraded()).hasSize(1);

        producers.get(0).tooLarge = Integer.MAX_VALUE; // the limit was raised
        await().atMost(PATIENCE).until(() -> large.get() == 1);
        await().atMost(PATIENCE).until(() -> readiness.degraded().isEmpty());
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
    void anUnansweredLetterCausesACheckOfTheTopics() {
        answers = false;
        AtomicInteger stored = new AtomicInteger();
        write("app", stored::incrementAndGet);

        await().atMost(PATIENCE).until(() -> ensured.get() >= 2);
        assertThat(readiness.degraded()).hasSize(1);
        producers.get(0).completeNext();
        await().atMost(PATIENCE).until(() -> readiness.degraded().isEmpty());
        assertThat(stored).hasValue(1);
    }

    @Test
    void b12TooLargeLettersOfOneAppDelayNoOther() {
        write("a", () -> {});
        await().atMost(PATIENCE).until(() -> !producers.isEmpty());
        producers.get(0).tooLarge = 1000;
        int before = ensured.get();
        topicsOfA = new CountDownLatch(1);
        for (int i = 0; i < 10_000; i++) {
            write("a", 1000, () -> {});
        }
        assertLettersOfBAreStored();
        await().atMost(PATIENCE).until(() -> ensured.get() > before + 1); // b, and a once more, without an answer
        assertLettersOfBAreStored();
        topicsOfA.countDown();
        assertThat(ensured).hasValueLessThan(20); // each app once, and the one in trouble once a second
    }

    private void assertLettersOfBAreStored() {
        for (int i = 0; i < 20; i++) {
            AtomicInteger stored = new AtomicInteger();
            write("b", stored::incrementAndGet);
            await().pollInterval(Duration.ofMillis(2))
                    .atMost(Duration.ofSeconds(2))
                    .until(() -> stored.get() == 1);
        }
    }

    @Test
    void b12UnansweredLettersUseABoundedPartOfTheBuffer() {
        answers = false;
        for (int i = 0; i < 10_000; i++) {
            write("leaderless", 1000, () -> {});
        }
        await().atMost(PATIENCE)
                .until(() -> !producers.isEmpty() && !producers.get(0).history().isEmpty());
        AtomicInteger other = new AtomicInteger();
        write("other", other::incrementAndGet);
        await().atMost(PATIENCE)
                .until(() -> producers.get(0).history().stream()
                        .anyMatch(record -> record.topic().equals("d.other.dead")));

        assertThat(producers.get(0).history().stream()
                        .filter(record -> record.topic().equals("d.leaderless.dead"))
                        .mapToInt(record -> record.value().length)
                        .sum())
                .isPositive()
                .isLessThanOrEqualTo(AppDeadLetters.MOST_BYTES_OUT);
    }

    @Test
    void countsEachStoredLetterByAppAddressAndReason() {
        AtomicInteger stored = new AtomicInteger();
        write("app", stored::incrementAndGet);
        await().atMost(PATIENCE).until(() -> stored.get() == 1);

        assertThat(meters.get("relay.dispatch.dead.letters.stored")
                        .tags("app_id", "app", "address", "", "reason", "undecodable")
                        .counter()
                        .count())
                .isOne();
    }

    @Test
    void anErrorInTheProducersCallbackIsTold() {
        write("app", () -> {
            throw new OutOfMemoryError("simulated");
        });

        await().atMost(PATIENCE).until(() -> failures.size() == 1);
        assertThat(failures).singleElement().isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void anErrorOnTheWriterThreadIsTold() {
        topicsFail = true;
        write("app", () -> {});

        await().atMost(PATIENCE).until(() -> failures.size() == 1);
        assertThat(failures).singleElement().isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void aLetterAfterCloseIsLeftToTheNextProcess() throws InterruptedException {
        letters.close(Duration.ofSeconds(1));
        AtomicInteger stored = new AtomicInteger();
        write("app", stored::incrementAndGet);

        assertThat(stored).hasValue(0);
    }
}
