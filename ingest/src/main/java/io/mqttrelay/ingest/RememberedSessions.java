package io.mqttrelay.ingest;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.common.thread.Role;
import io.mqttrelay.ingest.mqtt.SessionMemory;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Records the sessions that MQTT brokers keep for ingest, by client id, in a compacted topic of Kafka. So a started
 * ingest can tell a lost session from a new one. Questions are answered once Kafka has been read; no thread waits for
 * an answer. Runs on the thread {@code ingest-sessions}.
 */
final class RememberedSessions implements Role {
    /** The storage. It blocks; a failure is a {@link KafkaException} and is retried. */
    interface Store {
        /** All stored sessions, by client id. */
        Map<String, String> read() throws InterruptedException;

        /** Stores these sessions; a null value deletes one. */
        void write(Map<String, @Nullable String> changes) throws InterruptedException;
    }

    private static final Logger LOG = LogManager.getLogger(RememberedSessions.class);
    private static final long LOOK_MILLIS = 200;
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private final Store store;
    private final LongSupplier nanoTime;
    private final BlockingQueue<Runnable> asked = new LinkedBlockingQueue<>();
    private final Map<String, String> known = new HashMap<>();
    private final Map<String, @Nullable String> unwritten = new LinkedHashMap<>();
    private boolean read;
    private boolean told;
    private Duration wait = FIRST_WAIT;
    private @Nullable Long nextTry;

    /** @param nanoTime as {@link System#nanoTime} */
    RememberedSessions(Store store, LongSupplier nanoTime) {
        this.store = store;
        this.nanoTime = nanoTime;
    }

    /** The memory of one client id's session. */
    SessionMemory of(String clientId) {
        return new SessionMemory() {
            @Override
            public void recall(Consumer<@Nullable String> answer) {
                asked.add(() -> answer.accept(known.get(clientId)));
            }

            @Override
            public void remember(String addresses) {
                asked.add(() -> change(clientId, addresses));
            }

            @Override
            public void forget() {
                asked.add(() -> change(clientId, null));
            }
        };
    }

    @CalledOn("ingest-sessions")
    private void change(String clientId, @Nullable String addresses) {
        String before = addresses == null ? known.remove(clientId) : known.put(clientId, addresses);
        if (addresses == null ? before != null : !addresses.equals(before)) {
            unwritten.put(clientId, addresses);
        }
    }

    @Override
    public void step() throws InterruptedException {
        Long due = nextTry;
        if (due != null && nanoTime.getAsLong() - due < 0) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            return;
        }
        try {
            work();
            nextTry = null;
            wait = FIRST_WAIT;
        } catch (KafkaException e) {
            tell(e);
            nextTry = nanoTime.getAsLong() + wait.toNanos();
            Duration doubled = wait.multipliedBy(2);
            wait = doubled.compareTo(LONGEST_WAIT) < 0 ? doubled : LONGEST_WAIT;
        }
    }

    private void work() throws InterruptedException {
        if (!read) {
            known.putAll(store.read());
            read = true;
        }
        Runnable next = asked.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        while (next != null) {
            next.run();
            next = asked.poll();
        }
        write();
    }

    private void write() throws InterruptedException {
        if (!unwritten.isEmpty()) {
            store.write(unwritten);
            unwritten.clear();
        }
    }

    /** Logs a failure that persists. The lost connection to Kafka itself is reported elsewhere. */
    private void tell(KafkaException e) {
        if (wait.compareTo(LONGEST_WAIT) >= 0 && !told) {
            told = true;
            LOG.warn(
                    "sessions cannot be remembered in Kafka, trying again: {}; meanwhile a session that an MQTT broker loses"
                            + " while ingest is down is not noticed",
                    e.getMessage());
        }
    }

    /** Writes the last changes, if Kafka accepts them at once. */
    @Override
    public void close() throws InterruptedException {
        try {
            if (read) {
                asked.forEach(Runnable::run);
                write();
            }
        } catch (KafkaException e) {
            tell(e);
        }
    }
}
