package io.mqttrelay.testkit.mqtt;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.mqttrelay.testkit.guarantee.Sent;
import io.mqttrelay.testkit.guarantee.TestMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Publishes messages and records which ones the broker has acknowledged. The messages of one topic are sent in order.
 * It reconnects by itself; then messages without an acknowledgement may arrive twice, as MQTT allows.
 */
public final class MqttPublisher implements AutoCloseable {
    private static final int TIMEOUT_SECONDS = 30;

    private final Mqtt5AsyncClient client;
    private final List<Sending> sendings = new ArrayList<>();

    private record Sending(Sent sent, CompletableFuture<Boolean> acknowledged) {}

    /** Connects to a broker on loopback. */
    public MqttPublisher(int port) {
        this(builder(port));
    }

    /** As {@link #MqttPublisher(int)}, with a user name and a password. */
    public static MqttPublisher as(String user, String password, int port) {
        return new MqttPublisher(builder(port)
                .simpleAuth()
                .username(user)
                .password(password.getBytes(StandardCharsets.UTF_8))
                .applySimpleAuth());
    }

    private static Mqtt5ClientBuilder builder(int port) {
        return Mqtt5Client.builder()
                .identifier("publisher-" + UUID.randomUUID())
                .serverHost("127.0.0.1")
                .serverPort(port)
                .automaticReconnectWithDefaultConfig();
    }

    private MqttPublisher(Mqtt5ClientBuilder builder) {
        this.client = builder.buildAsync();
        get(client.connectWith().cleanStart(true).send(), "connect");
    }

    /** Starts to publish a message with any payload; {@link TestMessage#idIn} identifies it. */
    public Sent send(String topic, int qos, byte[] payload) {
        return send(Mqtt5Publish.builder()
                .topic(topic)
                .qos(qos(qos))
                .payload(payload)
                .build());
    }

    /** Starts to publish a small JSON document with a new id. */
    public Sent send(String topic, int qos) {
        return send(topic, qos, TestMessage.next().payload());
    }

    /** Starts to publish a retained message. */
    public Sent sendRetained(String topic, int qos, byte[] payload) {
        return send(Mqtt5Publish.builder()
                .topic(topic)
                .qos(qos(qos))
                .payload(payload)
                .retain(true)
                .build());
    }

    /** Starts to publish a message with any properties. */
    public Sent send(Mqtt5Publish publish) {
        Sent sent = Sent.of(publish.getTopic().toString(), publish.getPayloadAsBytes());
        CompletableFuture<Boolean> acknowledged =
                client.publish(publish).thenApply(result -> result.getError().isEmpty());
        synchronized (sendings) {
            sendings.add(new Sending(sent, acknowledged));
        }
        return sent;
    }

    /** Waits until the broker has answered for all messages sent so far. */
    public MqttPublisher flush() {
        return flush(Duration.ofSeconds(TIMEOUT_SECONDS));
    }

    /**
     * As {@link #flush()}.
     *
     * @throws IllegalStateException the broker did not answer in time, or refused a message
     */
    public MqttPublisher flush(Duration atMost) {
        CompletableFuture<?>[] all =
                sendings().stream().map(Sending::acknowledged).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(all).get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("not everything published was acknowledged", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while publishing", e);
        }
        return this;
    }

    /** All acknowledged messages in the order sent; QoS 0 counts when it was written to the connection. */
    public List<Sent> acknowledged() {
        return sendings().stream()
                .filter(sending -> !sending.acknowledged().isCompletedExceptionally()
                        && sending.acknowledged().getNow(false))
                .map(Sending::sent)
                .toList();
    }

    /** All sent messages in order, acknowledged or not. */
    public List<Sent> sent() {
        return sendings().stream().map(Sending::sent).toList();
    }

    private List<Sending> sendings() {
        synchronized (sendings) {
            return List.copyOf(sendings);
        }
    }

    private static MqttQos qos(int qos) {
        MqttQos known = MqttQos.fromCode(qos);
        if (known == null) {
            throw new IllegalArgumentException("QoS is 0, 1 or 2, not " + qos);
        }
        return known;
    }

    private static void get(CompletableFuture<?> future, String what) {
        try {
            future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the publisher cannot " + what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        if (client.getState().isConnected()) {
            get(client.disconnect(), "disconnect");
        }
    }
}
