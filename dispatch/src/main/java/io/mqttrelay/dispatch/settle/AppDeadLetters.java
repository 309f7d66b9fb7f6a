package io.mqttrelay.dispatch.settle;

import io.mqttrelay.common.admin.Readiness;
import io.mqttrelay.common.config.destination.AddressName;
import io.mqttrelay.common.record.DeadLetter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes the dead letters of one app to Kafka. After a failure all letters of the app are parked. Each second the app's
 * topics are checked, and one letter is sent as a probe; when Kafka stores it, the others follow. Letters that are too
 * large for the topic are parked separately, since smaller letters may still fit. A letter that the producer neither
 * confirms nor refuses, as when its partition has no leader, is late, and also causes a check of the topics.
 *
 * <p>No code here blocks the writer thread for one app. Each app has a bounded number of bytes with the producer.
 * Belongs to the writer thread.
 */
final class AppDeadLetters {
    private static final Logger log = LogManager.getLogger(AppDeadLetters.class);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration LATE = Duration.ofSeconds(5);

    /** Bytes of one app in the producer, whose buffer all apps share; but always one letter, however large. */
    static final int MOST_BYTES_OUT = 256 * 1024;

    /** The resources that the letters of all apps share. */
    interface Writer {
        Producer<byte[], byte[]> producer();

        /** Handles a failure of the producer: it is replaced, unless the failure concerns a topic or a record only. */
        void failed(Producer<byte[], byte[]> producer, Exception failure);

        /** Runs a task on the producer's thread; an exception from it ends the process. */
        void guarded(Runnable task);

        /** Runs a task on the writer thread: at once, if called there. */
        void run(Runnable task);

        void runLater(Runnable task, Duration wait);

        /**
         * Checks an app's topics, and makes missing ones, on another thread.
         *
         * @param isThere told on the writer thread whether the dead topic exists
         */
        void lookAtTopics(String appId, Consumer<Boolean> isThere);
    }

    /** One attempt of possibly several: a failing producer may both refuse and fail the same one. */
    private static final class Attempt {
        private final long at = System.nanoTime();
    }

    private final String appId;
    private final Writer writer;
    private final Readiness.Part part;
    private final DeadLetterLog told;

    private final ArrayDeque<PendingDeadLetter> parked = new ArrayDeque<>();
    /** The smallest first: while it does not fit, no other does. */
    private final PriorityQueue<PendingDeadLetter> tooLarge =
            new PriorityQueue<>(Comparator.comparingInt(PendingDeadLetter::bytes));
    /** Letters in flight, and since when; the oldest first. */
    private final Map<PendingDeadLetter, Attempt> out = new LinkedHashMap<>();
    /** Letters that failed or were late: the app is ready again when the last of them is stored. */
    private final Set<PendingDeadLetter> troubled = new HashSet<>();

    private long bytesOut;
    /** Whether letters are sent as they come. False before the first check of the topics. */
    private boolean open;

    private boolean failedOnce;
    private boolean sending;
    private boolean looking;
    private boolean watching;
    private @Nullable PendingDeadLetter probe;
    private @Nullable PendingDeadLetter largeProbe;

    AppDeadLetters(String appId, Readiness readiness, Writer writer) {
        this.appId = appId;
        this.writer = writer;
        this.part = readiness.degrading("dead letters of app " + appId);
        this.told = new DeadLetterLog(appId, System::nanoTime);
    }

    void write(PendingDeadLetter entry, DeadLetter letter, @Nullable AddressName address) {
        told.written(letter, address);
        parked.add(entry);
        sendParked();
    }

    private void sendParked() {
        if (!open && probe == null && !failedOnce) {
            lookLater(Duration.ZERO);
        }
        if (sending) {
            return; // the producer has answered within send: the loop below continues
        }
        sending = true;
        try {
            while (open && !parked.isEmpty() && hasRoom(parked.getFirst())) {
                send(parked.removeFirst());
            }
        } finally {
            sending = false;
        }
    }

    private boolean hasRoom(PendingDeadLetter entry) {
        return out.isEmpty() || bytesOut + entry.bytes() <= MOST_BYTES_OUT;
    }

    private void send(PendingDeadLetter entry) {
        Attempt attempt = new Attempt();
        if (out.put(entry, attempt) == null) {
            bytesOut += entry.bytes();
        }
        watch();
        try {
            Producer<byte[], byte[]> producer = writer.producer();
            var unused = producer.send(
                    entry.record(),
                    (metadata, failure) -> writer.guarded(() -> {
                        if (failure == null) {
                            entry.stored();
                            writer.run(() -> stored(entry));
                        } else {
                            // at once if send itself fails: the next send would wait as long for the same topic
                            writer.run(() -> failed(entry, attempt, producer, failure));
                        }
                    }));
        } catch (RuntimeException e) {
            failed(entry, attempt, null, e);
        }
    }

    private void stored(PendingDeadLetter entry) {
        if (out.remove(entry) != null) {
            bytesOut -= entry.bytes();
        }
        if (entry == probe) {
            probe = null;
            open = true;
        }
        if (entry == largeProbe) {
            largeProbe = null;
            parked.addAll(tooLarge);
            tooLarge.clear();
        }
        if (troubled.remove(entry)) {
            boolean unused = parked.remove(entry) || tooLarge.remove(entry); // given up before, and stored after all
            if (troubled.isEmpty()) {
                part.ready();
                log.info("app {}: dead letters are written again", appId);
            }
        }
        sendParked();
    }

    private void failed(
            PendingDeadLetter entry, Attempt attempt, @Nullable Producer<byte[], byte[]> producer, Exception failure) {
        if (producer != null) {
            writer.failed(producer, failure);
        }
        if (!out.remove(entry, attempt)) {
            return;
        }
        bytesOut -= entry.bytes();
        trouble(entry, "cannot be written: " + failure.getMessage());
        if (failure instanceof RecordTooLargeException) {
            tooLarge.add(entry);
            largeProbe = entry == largeProbe ? null : largeProbe;
            open |= entry == probe;
        } else {
            parked.add(entry); // after the others: another letter is the next probe
            largeProbe = entry == largeProbe ? null : largeProbe;
            open = false;
            failedOnce = true;
        }
        probe = entry == probe ? null : probe;
        lookLater(RETRY);
        sendParked();
    }

    private void lookLater(Duration wait) {
        if (!looking) {
            looking = true;
            writer.runLater(() -> writer.lookAtTopics(appId, this::looked), wait);
        }
    }

    private void looked(boolean isThere) {
        looking = false;
        if (!isThere) {
            if (!open || !tooLarge.isEmpty()) {
                lookLater(RETRY); // sending would block all apps until the producer times out on the topic
            }
            return;
        }
        if (!open && probe == null) {
            if (failedOnce && !parked.isEmpty()) {
                probe = parked.removeFirst();
                send(probe);
            } else {
                open = true;
            }
        }
        if (largeProbe == null && !tooLarge.isEmpty()) {
            largeProbe = tooLarge.remove();
            send(largeProbe);
        }
        sendParked();
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
        for (Map.Entry<PendingDeadLetter, Attempt> each : out.entrySet()) {
            if (now - each.getValue().at < LATE.toNanos()) {
                break;
            }
            trouble(each.getKey(), "does not answer");
            lookLater(Duration.ZERO);
        }
        if (!out.isEmpty()) {
            watch();
        }
    }

    private void trouble(PendingDeadLetter entry, String what) {
        if (troubled.isEmpty()) {
            String reason = entry.record().topic() + " " + what;
            part.notReady(reason);
            log.error("app {}: {}; its offsets stay where they are until it can be written", appId, reason);
        }
        troubled.add(entry);
    }
}
