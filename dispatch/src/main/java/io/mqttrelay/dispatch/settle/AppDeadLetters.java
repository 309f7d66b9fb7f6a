package io.mqttrelay.dispatch.settle;

import io.mqttrelay.common.admin.Readiness;
import io.mqttrelay.common.config.Address;
import io.mqttrelay.common.record.DeadLetter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters of one app, on their way to Kafka. After a failure everything of the app waits a moment, its topics are
 * looked after, and all of it is sent again. A letter that the producer neither confirms nor refuses, as when its topic was
 * deleted under it, is late, and makes the topics be looked after too. Confined to the writer thread.
 */
final class AppDeadLetters {
    private static final Logger log = LogManager.getLogger(AppDeadLetters.class);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration LATE = Duration.ofSeconds(5);

    /** What the letters of all apps share. */
    interface Writer {
        Producer<byte[], byte[]> producer();

        /** The producer gave this failure: another is needed unless it speaks of a topic or a record only. */
        void failed(Producer<byte[], byte[]> producer, Exception failure);

        /** Runs a task on the writer thread: at once, if this is it. */
        void run(Runnable task);

        void runLater(Runnable task, Duration wait);

        /** Makes an app's topics again, when somebody deleted them. Blocks for a bounded time. */
        void ensureTopics(String appId) throws InterruptedException;
    }

    /** One letter. */
    static final class Entry {
        private final ProducerRecord<byte[], byte[]> record;
        private final Runnable stored;
        private final AtomicBoolean isStored = new AtomicBoolean();

        /** @param stored run once, by any thread, when Kafka has it */
        Entry(ProducerRecord<byte[], byte[]> record, Runnable stored) {
            this.record = record;
            this.stored = stored;
        }

        void stored() {
            if (isStored.compareAndSet(false, true)) {
                stored.run();
            }
        }
    }

    /** One of possibly several: a producer in trouble may tell of one that it both refuses and fails. */
    private static final class Attempt {
        private final long at = System.nanoTime();
    }

    private final String appId;
    private final Writer writer;
    private final Readiness.Part part;
    private final DeadLetterLog told;

    private final ArrayDeque<Entry> parked = new ArrayDeque<>();
    /** Sent and not yet answered, and when; the oldest first. */
    private final Map<Entry, Attempt> out = new LinkedHashMap<>();
    /** Those that failed or were late: the app is well again when the last of them is stored. */
    private final Set<Entry> troubled = new HashSet<>();

    private boolean waiting;
    private boolean watching;

    AppDeadLetters(String appId, Readiness readiness, Writer writer) {
        this.appId = appId;
        this.writer = writer;
        this.part = readiness.part("dead letters of app " + appId, "");
        this.part.ready();
        this.told = new DeadLetterLog(appId, System::nanoTime);
    }

    void write(Entry entry, DeadLetter letter, @Nullable Address address) {
        told.written(letter, address);
        offer(entry);
    }

    private void offer(Entry entry) {
        if (waiting) {
            parked.add(entry);
        } else {
            send(entry);
        }
    }

    private void send(Entry entry) {
        Attempt attempt = new Attempt();
        out.put(entry, attempt);
        watch();
        try {
            Producer<byte[], byte[]> producer = writer.producer();
            var unused = producer.send(entry.record, (metadata, failure) -> {
                if (failure == null) {
                    entry.stored();
                    writer.run(() -> stored(entry));
                } else {
                    // at once where send itself says it: the next one would wait for the same topic as long
                    writer.run(() -> failed(entry, attempt, producer, failure));
                }
            });
        } catch (RuntimeException e) {
            failed(entry, attempt, null, e);
        }
    }

    private void stored(Entry entry) {
        out.remove(entry);
        if (troubled.remove(entry)) {
            parked.remove(entry); // an attempt that was given up was stored all the same
            if (troubled.isEmpty()) {
                part.ready();
                log.info("app {}: dead letters are written again", appId);
            }
        }
    }

    private void failed(Entry entry, Attempt attempt, @Nullable Producer<byte[], byte[]> producer, Exception failure) {
        if (producer != null) {
            writer.failed(producer, failure);
        }
        if (!out.remove(entry, attempt)) {
            return;
        }
        trouble(entry, "cannot be written: " + failure.getMessage());
        if (failure instanceof RecordTooLargeException) {
            writer.runLater(() -> again(entry), RETRY); // this one alone: the others are none the larger for it
            return;
        }
        parked.add(entry);
        if (!waiting) {
            waiting = true;
            writer.runLater(this::retry, RETRY);
        }
    }

    private void again(Entry entry) {
        ensureTopics();
        offer(entry);
    }

    private void retry() {
        ensureTopics();
        waiting = false;
        List<Entry> again = List.copyOf(parked);
        parked.clear();
        again.forEach(this::offer);
    }

    private void watch() {
        if (!watching) {
            watching = true;
            writer.runLater(this::lookForLate, LATE);
        }
    }

    private void lookForLate() {
        watching = false;
        long now = System.nanoTime();
        boolean late = false;
        for (Map.Entry<Entry, Attempt> each : out.entrySet()) {
            if (now - each.getValue().at < LATE.toNanos()) {
                break;
            }
            late = true;
            trouble(each.getKey(), "does not answer");
        }
        if (late) {
            ensureTopics();
        }
        if (!out.isEmpty()) {
            watch();
        }
    }

    private void trouble(Entry entry, String what) {
        if (troubled.isEmpty()) {
            String reason = entry.record.topic() + " " + what;
            part.notReady(reason);
            log.error("app {}: {}; its offsets stay where they are until it can be written", appId, reason);
        }
        troubled.add(entry);
    }

    private void ensureTopics() {
        try {
            writer.ensureTopics(appId);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
