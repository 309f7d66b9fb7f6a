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

/** Devices that publish steadily, on their own thread, and know which messages their broker has acknowledged. */
final class Load implements AutoCloseable {
    private static final int TICKS_PER_SECOND = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Shape shape;
    private final MqttPublisher publisher;
    private final Thread thread = new Thread(this::run, "load");
    private final Map<String, Instant> sentAt = new ConcurrentHashMap<>();
    private final Map<String, Long> sentAtNanos = new ConcurrentHashMap<>();
    private volatile boolean stopping;
    private volatile boolean pausing;

    /**
     * The published messages.
     *
     * @param topics messages go round {@code topic/0}, {@code topic/1} and so on
     * @param padding bytes of each payload beyond its id
     */
    record Shape(String topic, int topics, int perSecond, int padding, int qos) {
        /** With QoS 1. */
        Shape(String topic, int topics, int perSecond, int padding) {
            this(topic, topics, perSecond, padding, 1);
        }
    }

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
        sentAtNanos.put(message.id(), System.nanoTime());
        publisher.send(topic, shape.qos(), message.payload());
    }

    /** Publishes nothing until {@link #resume}. */
    void pause() {
        pausing = true;
    }

    void resume() {
        pausing = false;
    }

    /** The messages that were published, steadily, between these times. */
    List<Sent> published(Instant from, Instant to) {
        return sent().stream()
                .filter(sent -> sentAt.containsKey(sent.id()))
                .filter(sent -> !sentAt.get(sent.id()).isBefore(from)
                        && !sentAt.get(sent.id()).isAfter(to))
                .toList();
    }

    /** When each message was published, by {@link System#nanoTime}. */
    Map<String, Long> sentAtNanos() {
        return Map.copyOf(sentAtNanos);
    }

    /** Publishes one more message. */
    Sent publish(String topic, byte[] payload) {
        return publisher.send(topic, 1, payload);
    }

    /** Stops publishing; returns when the broker has sent its last acknowledgements. */
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
            // its own broker was restarted: unacknowledged messages have no guarantee
        }
    }

    /** The messages that must not be lost. */
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
