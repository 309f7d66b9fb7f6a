package io.mqttrelay.dispatch.settle;

import io.mqttrelay.common.admin.Readiness;
import io.mqttrelay.common.config.destination.AddressName;
import io.mqttrelay.common.record.DeadLetter;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.thread.GuardedExecutors;
import io.mqttrelay.common.topic.TopicNames;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * Writes dead letters, and never gives one up: it retries until Kafka has stored it. An app whose dead topic cannot be
 * written delays no other app. One thread, {@code dispatch-dead-letters}, owns the producer.
 */
public final class DeadLetters implements Settlement.Store {
    /** An app's topics in Kafka. */
    public interface Topics {
        /**
         * Makes missing topics. Blocks for a bounded time.
         *
         * @return whether the dead topic exists
         */
        boolean ensure(String appId) throws InterruptedException;
    }

    /** Apps whose topics are checked in parallel; apps without trouble are checked at once. */
    private static final int LOOKS = 4;

    /** The longest wait for Kafka at the end of the process: the next dispatcher writes a letter that is not stored. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final RecordCodec codec;
    private final TopicNames names;
    private final Topics topics;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final Readiness readiness;
    private final DeadLetterMeters meters;
    private final GuardedExecutors executors;
    private final ScheduledThreadPoolExecutor writer;
    private final ExecutorService looks;
    private final Shared shared = new Shared();
    private volatile @Nullable Thread thread;

    // writer thread
    private final Map<String, AppDeadLetters> apps = new HashMap<>();
    private @Nullable Producer<byte[], byte[]> producer;

    /** @param producers gives a new producer each time; the one before is closed */
    public DeadLetters(
            RecordCodec codec,
            TopicNames names,
            Topics topics,
            Supplier<Producer<byte[], byte[]>> producers,
            Readiness readiness,
            DeadLetterMeters meters,
            GuardedExecutors executors) {
        this.codec = codec;
        this.names = names;
        this.topics = topics;
        this.producers = producers;
        this.readiness = readiness;
        this.meters = meters;
        this.executors = executors;
        this.looks = executors.pool("dispatch-dead-topics", LOOKS);
        this.writer = executors.timer("dispatch-dead-letters");
        writer.execute(() -> thread = Thread.currentThread());
        writer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false); // the end waits for no retry
    }

    @Override
    public void write(
            ConsumerRecord<byte[], byte[]> record,
            String appId,
            @Nullable AddressName address,
            DeadLetter letter,
            Runnable stored) {
        ProducerRecord<byte[], byte[]> entry = codec.encodeDead(record, letter, names.dead(appId));
        shared.run(() -> apps.computeIfAbsent(appId, app -> new AppDeadLetters(app, readiness, shared))
                .write(new PendingDeadLetter(entry, () -> isStored(appId, address, letter, stored)), letter, address));
    }

    private void isStored(String appId, @Nullable AddressName address, DeadLetter letter, Runnable stored) {
        meters.stored(appId, address, letter.reason());
        stored.run();
    }

    private final class Shared implements AppDeadLetters.Writer {
        @Override
        public Producer<byte[], byte[]> producer() {
            if (producer == null) {
                producer = producers.get();
            }
            return producer;
        }

        @Override
        public void failed(Producer<byte[], byte[]> failed, Exception failure) {
            // a failure of an earlier producer tells nothing about this one
            if (failed == producer && !isAboutOneTopic(failure)) {
                producer = null;
                failed.close(Duration.ZERO);
            }
        }

        @Override
        public void guarded(Runnable task) {
            executors.guarded(task);
        }

        @Override
        public void run(Runnable task) {
            if (Thread.currentThread() == thread) {
                task.run();
                return;
            }
            try {
                writer.execute(task);
            } catch (RejectedExecutionException e) {
                return; // the process ends: records without a stored letter are consumed again
            }
        }

        @Override
        public void runLater(Runnable task, Duration wait) {
            try {
                var unused = writer.schedule(task, wait.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                return; // as above
            }
        }

        @Override
        public void lookAtTopics(String appId, Consumer<Boolean> isThere) {
            try {
                looks.execute(() -> {
                    boolean there = look(appId);
                    run(() -> isThere.accept(there));
                });
            } catch (RejectedExecutionException e) {
                return; // as above
            }
        }

        private boolean look(String appId) {
            try {
                return topics.ensure(appId);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    private static boolean isAboutOneTopic(Exception failure) {
        return failure instanceof RetriableException
                || failure instanceof RecordTooLargeException
                || failure instanceof InvalidTopicException
                || failure instanceof TopicAuthorizationException
                || failure instanceof PolicyViolationException
                || failure instanceof InvalidRecordException;
    }

    /** Waits until all letters are stored, but not longer than {@code limit}, and a few seconds at most. */
    public void close(Duration limit) throws InterruptedException {
        Duration wait = limit.compareTo(LAST_WORDS) < 0 ? limit : LAST_WORDS;
        looks.shutdownNow();
        shared.run(() -> {
            if (producer != null) {
                producer.close(wait);
                producer = null;
            }
        });
        writer.shutdown();
        if (!writer.awaitTermination(2 * wait.toMillis(), TimeUnit.MILLISECONDS)) {
            writer.shutdownNow();
        }
    }
}
