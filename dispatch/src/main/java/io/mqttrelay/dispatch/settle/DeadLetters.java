package io.mqttrelay.dispatch.settle;

import io.mqttrelay.common.admin.Readiness;
import io.mqttrelay.common.config.Address;
import io.mqttrelay.common.record.DeadLetter;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.topic.TopicNames;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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
 * Writes dead letters, and never gives one up: what Kafka does not take is tried again until it does. An app whose dead
 * topic cannot be written waits by itself; the others go on. One thread, {@code dispatch-dead-letters}, owns the producer.
 */
public final class DeadLetters implements Settlement.Store {
    /** Makes an app's topics again, when somebody deleted them. Blocks for a bounded time. */
    public interface Topics {
        void ensure(String appId) throws InterruptedException;
    }

    // process
    private final RecordCodec codec;
    private final TopicNames names;
    private final Topics topics;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final Readiness readiness;
    private final ScheduledThreadPoolExecutor writer;
    private final Shared shared = new Shared();
    private volatile @Nullable Thread thread;

    // writer thread
    private final Map<String, AppDeadLetters> apps = new HashMap<>();
    private @Nullable Producer<byte[], byte[]> producer;

    /**
     * @param producers gives a new producer each time; the one before is closed
     */
    public DeadLetters(
            RecordCodec codec,
            TopicNames names,
            Topics topics,
            Supplier<Producer<byte[], byte[]>> producers,
            Readiness readiness) {
        this.codec = codec;
        this.names = names;
        this.topics = topics;
        this.producers = producers;
        this.readiness = readiness;
        this.writer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "dispatch-dead-letters");
            made.setDaemon(true);
            thread = made;
            return made;
        });
        writer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false); // the end waits for no retry
    }

    @Override
    public void write(
            ConsumerRecord<byte[], byte[]> record,
            String appId,
            @Nullable Address address,
            DeadLetter letter,
            Runnable stored) {
        ProducerRecord<byte[], byte[]> entry = codec.encodeDead(record, letter, names.dead(appId));
        shared.run(() -> apps.computeIfAbsent(appId, app -> new AppDeadLetters(app, readiness, shared))
                .write(new AppDeadLetters.Entry(entry, stored), letter, address));
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
            // what an earlier producer left behind says nothing about this one
            if (failed == producer && !isAboutOneTopic(failure)) {
                producer = null;
                failed.close(Duration.ZERO);
            }
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
                return; // the process ends: what is not stored now is consumed again
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
        public void ensureTopics(String appId) throws InterruptedException {
            topics.ensure(appId);
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

    /** Waits until everything that was given is stored, but not longer than {@code limit}. */
    public void close(Duration limit) throws InterruptedException {
        shared.run(() -> {
            if (producer != null) {
                producer.close(limit);
                producer = null;
            }
        });
        writer.shutdown();
        if (!writer.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            writer.shutdownNow();
        }
    }
}
