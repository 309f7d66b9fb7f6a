package io.mqttrelay.ingest.mqtt.wire;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttTopicFilter;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3SubAckException;
import com.hivemq.client.mqtt.mqtt3.message.auth.Mqtt3SimpleAuth;
import com.hivemq.client.mqtt.mqtt3.message.connect.Mqtt3Connect;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import com.hivemq.client.mqtt.mqtt3.message.subscribe.Mqtt3Subscribe;
import com.hivemq.client.mqtt.mqtt3.message.subscribe.Mqtt3Subscription;
import com.hivemq.client.mqtt.mqtt3.message.subscribe.suback.Mqtt3SubAck;
import com.hivemq.client.mqtt.mqtt3.message.unsubscribe.Mqtt3Unsubscribe;
import io.mqttrelay.common.config.Broker;
import io.mqttrelay.common.config.value.Secret;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A connection in MQTT 3.1.1, where the broker's settings alone say how long a session is kept. */
final class Mqtt3Link implements Link {
    private final Mqtt3AsyncClient client;
    private final Broker broker;
    private final Wire wire;
    private final Publishes<Mqtt3Publish> publishes;

    Mqtt3Link(Mqtt3AsyncClient client, Broker broker, Events events, Wire wire) {
        this.client = client;
        this.broker = broker;
        this.wire = wire;
        this.publishes = new Publishes<>(
                publish -> events.published(wire.unreadable().restore(publish(publish)), publish::acknowledge));
    }

    @Override
    public CompletableFuture<Connected> connect() {
        // before CONNECT and for all messages: as in MQTT 5
        client.toRx().publishes(MqttGlobalPublishFilter.ALL, true).subscribe(publishes);
        Mqtt3Connect packet = Mqtt3Connect.builder()
                .cleanSession(broker.sessionExpiry().isZero())
                .keepAlive(broker.keepAlive())
                .simpleAuth(auth())
                .build();
        return client.connect(packet).thenApply(connAck -> {
            wire.answered();
            return new Connected(connAck.isSessionPresent(), null);
        });
    }

    /** In this version a password cannot go without a user name. */
    private @Nullable Mqtt3SimpleAuth auth() {
        String username = broker.username();
        Secret password = broker.password();
        if (username == null && password == null) {
            return null;
        }
        var named = Mqtt3SimpleAuth.builder().username(username == null ? "" : username);
        return password == null
                ? named.build()
                : named.password(password.reveal().getBytes(StandardCharsets.UTF_8))
                        .build();
    }

    @Override
    public CompletableFuture<List<Integer>> subscribe(List<Filter> filters, boolean sendRetained) {
        Mqtt3Subscribe packet = Mqtt3Subscribe.builder()
                .addSubscriptions(filters.stream()
                        .map(filter -> Mqtt3Subscription.builder()
                                .topicFilter(filter.text())
                                .qos(Mqtt5Link.qos(filter.qos()))
                                .build()))
                .build();
        return client.subscribe(packet).handle((subAck, failure) -> {
            if (failure == null) {
                return codes(subAck);
            }
            if (failure instanceof Mqtt3SubAckException e
                    && e.getMqttMessage().getReturnCodes().size() == filters.size()) {
                return codes(e.getMqttMessage());
            }
            throw new CompletionException(failure);
        });
    }

    private static List<Integer> codes(Mqtt3SubAck subAck) {
        return subAck.getReturnCodes().stream().map(code -> code.getCode()).toList();
    }

    @Override
    public CompletableFuture<List<Integer>> unsubscribe(List<String> filters) {
        Mqtt3Unsubscribe packet = Mqtt3Unsubscribe.builder()
                .addTopicFilters(filters.stream().map(MqttTopicFilter::of))
                .build();
        return client.unsubscribe(packet)
                .thenApply(done -> filters.stream().map(filter -> 0).toList());
    }

    @Override
    public CompletableFuture<Void> disconnect() {
        return client.disconnect().handle((done, failure) -> null);
    }

    @Override
    public CompletableFuture<Void> endSession() {
        return disconnect();
    }

    @Override
    public boolean isReading() {
        return wire.isReading();
    }

    @Override
    public int stops() {
        return wire.stops();
    }

    @Override
    public void ended() {
        publishes.cancel();
    }

    private static Publish publish(Mqtt3Publish publish) {
        return new Publish(
                publish.getTopic().toString(),
                publish.getQos().getCode(),
                publish.isRetain(),
                null,
                null,
                null,
                null,
                List.of(),
                publish.getPayload().orElse(Publish.NO_PAYLOAD),
                null);
    }
}
