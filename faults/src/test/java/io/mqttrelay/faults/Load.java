package io.mqttrelay.faults;

import io.mqttrelay.testkit.guarantee.Sent;
import io.mqttrelay.testkit.guarantee.TestMessage;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Devices that publish steadily with QoS 1, on a thread of its own, and know what their broker has acknowledged. */
final class Load implements AutoCloseable {
    private static final int TICKS_PER_SECOND = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Shape shape;
    private final MqttPublisher publisher;
    private final Thread thread = new Thread(this::run, "load");
    private final Map<String, Instant> sentAt = new ConcurrentHashMap<>();
    private volatile boolean stopping;
    private volatile boolean pausing;

    /**
     * What is published.
     *
     * @param topics messages go round {@code topic/0}, {@code topic/1} and so on
     * @param padding bytes of each payload beyond its id
     */
    record Shape(String topic, int topics, int perSecond, int padding) {}

    private Load(int port, Shape shape) {
        this.shape = shape;
        this.publisher = new MqttPublisher(port);
        thread.setDaemon(true);
    }

    static Load start(int port, Shape shape) {
        Load load = new Load(port, shape);
        load.thread.start();
        return load;
    }

    private void run() {
        long begin = System.nanoTime();
        long sent = 0;
        while (!stopping) {
            long due = (System.nanoTime() - begin) * shape.perSecond() / TimeUnit.SECONDS.toNanos(1);
            for (; sent < due; sent++) {
                if (!pausing) {
                    send(shape.topic() + "/" + sent % shape.topics());
                }
            }
            Pause.forMillis(1000 / TICKS_PER_SECOND);
        }
    }

    private void send(String topic) {
        TestMessage message = TestMessage.next(shape.padding());
        sentAt.put(message.id(), Instant.now());
        publisher.send(topic, 1, message.payload());
    }

    /** Publishes nothing until {@link #resume}. */
    void pause() {
        pausing = true;
    }

    void resume() {
        pausing = false;
    }

    /** What was published, steadily, between these moments. */
    List<Sent> published(Instant from, Instant to) {
        return sent().stream()
                .filter(sent -> sentAt.containsKey(sent.id()))
                .filter(sent -> !sentAt.get(sent.id()).isBefore(from)
                        && !sentAt.get(sent.id()).isAfter(to))
                .toList();
    }

    /** Publishes one message besides. */
    Sent publish(String topic, byte[] payload) {
        return publisher.send(topic, 1, payload);
    }

    /** Publishes no more; returns when the broker has acknowledged what it will. */
    void stop() {
        stopping = true;
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        try {
            publisher.flush(PATIENCE);
        } catch (IllegalStateException e) {
            // its own broker was restarted: what was not acknowledged is nobody's promise
        }
    }

    /** What must not be lost. */
    List<Sent> acknowledged() {
        return publisher.acknowledged();
    }

    /** Everything, acknowledged or not. */
    List<Sent> sent() {
        return publisher.sent();
    }

    @Override
    public void close() {
        stopping = true;
        publisher.close();
    }
}
