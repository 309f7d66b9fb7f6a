package io.mqttrelay.dispatch.settle;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mqttrelay.common.admin.Readiness;
import io.mqttrelay.common.config.Address;
import io.mqttrelay.common.record.DeadLetter;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.topic.TopicNames;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes dead letters, and never gives one up: what Kafka does not take is tried again until it does. An app whose dead
 * topic cannot be written waits by itself; the others go on. One thread, {@code dispatch-dead-letters}, owns the producer.
 */
public final class DeadLetters {
    private static final Logger log = LogManager.getLogger(DeadLetters.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** Makes an app's topics again, when somebody deleted them. Blocks for a bounded time. */
    public interface Topics {
        void ensure(String appId) throws InterruptedException;
    }

    private record Entry(String appId, ProducerRecord<byte[], byte[]> record, AtomicLong count, Runnable stored) {}

    private record Label(String appId, String address) {}

    // process
    private final RecordCodec codec;
    private final TopicNames names;
    private final Topics topics;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final Readiness readiness;
    private final MeterRegistry registry;
    private final ScheduledExecutorService writer;

    // writer thread
    private final Map<String, App> apps = new HashMap<>();
    private final Map<Label, AtomicLong> counts = new HashMap<>();
    private @Nullable Producer<byte[], byte[]> producer;

    /**
     * @param producers gives a new producer each time; the one before is closed
     */
    public DeadLetters(
            RecordCodec codec,
            TopicNames names,
            Topics topics,
            Supplier<Producer<byte[], byte[]>> producers,
            Readiness readiness,
            MeterRegistry registry) {
        this.codec = codec;
        this.names = names;
        this.topics = topics;
        this.producers = producers;
        this.readiness = readiness;
        this.registry = registry;
        this.writer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "dispatch-dead-letters");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Writes one.
     *
     * @param stored run once, by another thread, when Kafka has it; never if the process ends before
     */
    void write(
            ConsumerRecord<byte[], byte[]> record,
            String appId,
            @Nullable Address address,
            DeadLetter letter,
            Runnable stored) {
        ProducerRecord<byte[], byte[]> entry = codec.encodeDead(record, letter, names.dead(appId));
        String origin = address == null ? "" : address.origin();
        writer.execute(() -> {
            App app = apps.computeIfAbsent(appId, App::new);
            app.told(letter, address);
            app.offer(new Entry(appId, entry, count(appId, origin), stored));
        });
    }

    private AtomicLong count(String appId, String origin) {
        return counts.computeIfAbsent(new Label(appId, origin), label -> {
            AtomicLong count = new AtomicLong();
            Gauge.builder("relay.dispatch.dead.letters", count, AtomicLong::get)
                    .description("Dead letters that this dispatcher has written since it started")
                    .tags("app_id", label.appId(), "address", label.address())
                    .register(registry);
            return count;
        });
    }

    private Producer<byte[], byte[]> producer() {
        if (producer == null) {
            producer = producers.get();
        }
        return producer;
    }

    private void dropProducer() {
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
    }

    /** The dead letters of one app. Writer thread. */
    private final class App {
        private final String appId;
        private final Readiness.Part part;
        private final DeadLetterLog told;
        private final ArrayDeque<Entry> parked = new ArrayDeque<>();
        private boolean waiting;

        App(String appId) {
            this.appId = appId;
            this.part = readiness.part("dead letters of app " + appId, "");
            this.part.ready();
            this.told = new DeadLetterLog(appId, System::nanoTime);
        }

        void told(DeadLetter letter, @Nullable Address address) {
            told.written(letter, address);
        }

        void offer(Entry entry) {
            if (waiting) {
                parked.add(entry);
            } else {
                send(entry);
            }
        }

        private void send(Entry entry) {
            try {
                var unused = producer().send(entry.record(), (metadata, failure) -> {
                    if (failure == null) {
                        entry.count().incrementAndGet();
                        entry.stored().run();
                    } else {
                        writer.execute(() -> failed(entry, failure));
                    }
                });
            } catch (RuntimeException e) {
                failed(entry, e);
            }
        }

        private void failed(Entry entry, Exception failure) {
            parked.add(entry);
            if (waiting) {
                return;
            }
            waiting = true;
            String reason = names.dead(appId) + " cannot be written: " + failure.getMessage();
            part.notReady(reason);
            log.error("app {}: {}; its offsets stay where they are until it can", appId, reason);
            if (!(failure instanceof RetriableException) && !(failure instanceof RecordTooLargeException)) {
                dropProducer();
            }
            var unused = writer.schedule(this::retry, RETRY.toMillis(), TimeUnit.MILLISECONDS);
        }

        private void retry() {
            try {
                topics.ensure(appId);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            waiting = false;
            List<Entry> again = List.copyOf(parked);
            parked.clear();
            again.forEach(this::offer);
            if (!waiting) {
                part.ready();
            }
        }
    }

    /** Waits until everything that was given is stored, but not longer than {@code limit}. */
    public void close(Duration limit) throws InterruptedException {
        writer.execute(() -> {
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
