package io.mqttrelay.ingest.mqtt.wire;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.datatypes.MqttTopic;
import com.hivemq.client.mqtt.datatypes.MqttTopicFilter;
import com.hivemq.client.mqtt.datatypes.MqttUtf8String;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5UnsubAckException;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5SimpleAuth;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5SimpleAuthBuilder;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5RetainHandling;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscribe;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscription;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.suback.Mqtt5SubAck;
import com.hivemq.client.mqtt.mqtt5.message.unsubscribe.Mqtt5Unsubscribe;
import com.hivemq.client.mqtt.mqtt5.message.unsubscribe.unsuback.Mqtt5UnsubAck;
import io.mqttrelay.common.config.Broker;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.record.UserProperty;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A connection in MQTT 5. */
final class Mqtt5Link implements Link {
    private static final long LONGEST_EXPIRY = 0xFFFF_FFFFL;

    private final Mqtt5AsyncClient client;
    private final Broker broker;
    private final Wire wire;
    private final Publishes<Mqtt5Publish> publishes;

    Mqtt5Link(Mqtt5AsyncClient client, Broker broker, Events events, Wire wire) {
        this.client = client;
        this.broker = broker;
        this.wire = wire;
        this.publishes = new Publishes<>(
                publish -> events.published(wire.unreadable().restore(publish(publish)), publish::acknowledge));
    }

    @Override
    public CompletableFuture<Connected> connect() {
        // before CONNECT and for all messages: a kept session delivers right after CONNACK, and the client
        // acknowledges and discards messages without a subscriber
        client.toRx().publishes(MqttGlobalPublishFilter.ALL, true).subscribe(publishes);
        return client.connect(connectPacket()).thenApply(connAck -> {
            wire.answered();
            return connected(connAck);
        });
    }

    private Mqtt5Connect connectPacket() {
        long expiry = Math.min(LONGEST_EXPIRY, broker.sessionExpiry().toSeconds());
        return Mqtt5Connect.builder()
                .cleanStart(expiry == 0)
                .sessionExpiryInterval(expiry)
                .keepAlive(broker.keepAlive())
                .restrictions()
                .receiveMaximum(broker.receiveMaximum())
                .applyRestrictions()
                .simpleAuth(auth())
                .build();
    }

    private @Nullable Mqtt5SimpleAuth auth() {
        String username = broker.username();
        Secret password = broker.password();
        Mqtt5SimpleAuthBuilder auth = Mqtt5SimpleAuth.builder();
        if (password == null) {
            return username == null ? null : auth.username(username).build();
        }
        byte[] bytes = password.reveal().getBytes(StandardCharsets.UTF_8);
        return username == null
                ? auth.password(bytes).build()
                : auth.username(username).password(bytes).build();
    }

    private static Connected connected(Mqtt5ConnAck connAck) {
        OptionalLong expiry = connAck.getSessionExpiryInterval();
        return new Connected(connAck.isSessionPresent(), expiry.isPresent() ? expiry.getAsLong() : null);
    }

    @Override
    public CompletableFuture<List<Integer>> subscribe(List<Filter> filters, boolean sendRetained) {
        Mqtt5RetainHandling retained = sendRetained
                ? Mqtt5RetainHandling.SEND_IF_SUBSCRIPTION_DOES_NOT_EXIST
                : Mqtt5RetainHandling.DO_NOT_SEND;
        Mqtt5Subscribe packet = Mqtt5Subscribe.builder()
                .addSubscriptions(filters.stream()
                        .map(filter -> Mqtt5Subscription.builder()
                                .topicFilter(filter.text())
                                .qos(qos(filter.qos()))
                                .retainHandling(retained)
                                .build()))
                .build();
        return client.subscribe(packet).handle((subAck, failure) -> {
            if (failure == null) {
                return codes(subAck);
            }
            if (failure instanceof Mqtt5SubAckException e
                    && e.getMqttMessage().getReasonCodes().size() == filters.size()) {
                return codes(e.getMqttMessage());
            }
            throw new CompletionException(failure);
        });
    }

    static MqttQos qos(int qos) {
        MqttQos found = MqttQos.fromCode(qos);
        if (found == null) {
            throw new IllegalArgumentException("QoS " + qos);
        }
        return found;
    }

    private static List<Integer> codes(Mqtt5SubAck subAck) {
        return subAck.getReasonCodes().stream().map(code -> code.getCode()).toList();
    }

    @Override
    public CompletableFuture<List<Integer>> unsubscribe(List<String> filters) {
        Mqtt5Unsubscribe packet = Mqtt5Unsubscribe.builder()
                .addTopicFilters(filters.stream().map(MqttTopicFilter::of))
                .build();
        return client.unsubscribe(packet).handle((unsubAck, failure) -> {
            if (failure == null) {
                return codes(unsubAck);
            }
            if (failure instanceof Mqtt5UnsubAckException e) {
                return codes(e.getMqttMessage());
            }
            throw new CompletionException(failure);
        });
    }

    private static List<Integer> codes(Mqtt5UnsubAck unsubAck) {
        return unsubAck.getReasonCodes().stream().map(code -> code.getCode()).toList();
    }

    @Override
    public CompletableFuture<Void> disconnect() {
        return client.disconnect().handle((done, failure) -> null);
    }

    @Override
    public CompletableFuture<Void> endSession() {
        return client.disconnectWith().sessionExpiryInterval(0).send().handle((done, failure) -> null);
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

    private static Publish publish(Mqtt5Publish publish) {
        OptionalLong expiry = publish.getMessageExpiryInterval();
        return new Publish(
                publish.getTopic().toString(),
                publish.getQos().getCode(),
                publish.isRetain(),
                publish.getContentType().map(MqttUtf8String::toString).orElse(null),
                expiry.isPresent() ? expiry.getAsLong() : null,
                publish.getResponseTopic().map(MqttTopic::toString).orElse(null),
                publish.getCorrelationData().map(Publish::bytes).orElse(null),
                publish.getUserProperties().asList().stream()
                        .map(property -> new UserProperty(
                                property.getName().toString(),
                                property.getValue().toString()))
                        .toList(),
                publish.getPayload().orElse(Publish.NO_PAYLOAD),
                null);
    }
}
