package io.mqttrelay.sink.mqtt;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientBuilder;
import com.hivemq.client.mqtt.MqttClientExecutorConfig;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttClientTransportConfig;
import com.hivemq.client.mqtt.MqttWebSocketConfig;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.message.connect.Mqtt3Connect;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientConnectionConfig.RestrictionsForClient;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperties;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperty;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5SimpleAuth;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5SimpleAuthBuilder;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishBuilder;
import io.mqttrelay.common.config.destination.MqttTarget;
import io.mqttrelay.common.config.value.MqttVersion;
import io.mqttrelay.common.config.value.TlsSettings;
import io.mqttrelay.common.tls.TlsMaterial;
import io.reactivex.schedulers.Schedulers;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the broker of a target, from CONNECT to its end; never used again. The session begins clean and ends
 * with the connection: publishes without an acknowledgement fail then. Any thread.
 */
final class BrokerLink {
    private static final long CONNECT_SECONDS = 5;
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /** The client of one version of MQTT. */
    private interface Wire {
        CompletableFuture<?> connect();

        CompletableFuture<?> publish(OutgoingPublish message);

        CompletableFuture<?> disconnect();

        /** The limits that the broker told; null: none. */
        @Nullable
        RestrictionsForClient limits();
    }

    private final Wire wire;
    private final AtomicReference<@Nullable Throwable> end;

    private BrokerLink(Wire wire, AtomicReference<@Nullable Throwable> end) {
        this.wire = wire;
        this.end = end;
    }

    /**
     * Prepares a connection.
     *
     * @param address with the host's name, looked up
     * @param loops runs the event loops
     * @param ended called once if the connection ends or is not made, on an event loop
     */
    static BrokerLink of(
            MqttTarget target, String clientId, InetSocketAddress address, Loops loops, Consumer<Throwable> ended) {
        AtomicReference<@Nullable Throwable> end = new AtomicReference<>();
        MqttClientBuilder builder = MqttClient.builder()
                .identifier(clientId)
                .transportConfig(transport(target, address))
                .executorConfig(MqttClientExecutorConfig.builder()
                        .nettyExecutor(loops.executor())
                        .nettyThreads(loops.threads())
                        .applicationScheduler(Schedulers.trampoline())
                        .build())
                .addDisconnectedListener(context -> {
                    end.set(context.getCause());
                    ended.accept(context.getCause());
                });
        return new BrokerLink(
                target.mqttVersion() == MqttVersion.V5
                        ? new Wire5(builder.useMqttVersion5().buildAsync(), target)
                        : new Wire3(builder.useMqttVersion3().buildAsync(), target),
                end);
    }

    /** The threads of the event loops. */
    record Loops(Executor executor, int threads) {}

    private static MqttClientTransportConfig transport(MqttTarget target, InetSocketAddress address) {
        var transport = MqttClientTransportConfig.builder()
                .serverAddress(address)
                .socketConnectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS)
                .mqttConnectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS);
        String path = target.websocketPath();
        if (path != null) {
            transport = transport.webSocketConfig(
                    MqttWebSocketConfig.builder().serverPath(path).build());
        }
        TlsSettings tls = target.tls();
        return (tls == null ? transport : transport.sslConfig(tls(tls))).build();
    }

    /** For one connection. The files are read each time, because certificates are renewed. */
    private static MqttClientSslConfig tls(TlsSettings settings) {
        TlsMaterial material = TlsMaterial.of(settings.caFile(), settings.certFile(), settings.keyFile());
        var ssl = MqttClientSslConfig.builder()
                .trustManagerFactory(material.trust())
                .keyManagerFactory(material.key())
                .protocols(PROTOCOLS)
                .handshakeTimeout(CONNECT_SECONDS, TimeUnit.SECONDS);
        return (settings.verifyHostname() ? ssl : ssl.hostnameVerifier((host, session) -> true)).build();
    }

    CompletableFuture<?> connect() {
        return wire.connect();
    }

    /** Publishes a message; complete at PUBACK with success, else with the failure. */
    CompletableFuture<?> publish(OutgoingPublish message) {
        return wire.publish(message);
    }

    /** Why the broker cannot take a message, one line; null: it can. */
    @Nullable
    String refusal(OutgoingPublish message) {
        RestrictionsForClient limits = wire.limits();
        if (limits == null) {
            return null;
        }
        long size = message.packetSize();
        if (size > limits.getSendMaximumPacketSize()) {
            return "the message takes a packet of " + size + " bytes, the broker takes "
                    + limits.getSendMaximumPacketSize() + " at most";
        }
        return message.retain() && !limits.isRetainAvailable() ? "the broker keeps no retained messages" : null;
    }

    /** Why the connection has ended; null: it has not. */
    @Nullable
    Throwable end() {
        return end.get();
    }

    void disconnect() {
        var unused = wire.disconnect().handle((done, failure) -> null);
    }

    private static byte @Nullable [] password(MqttTarget target) {
        return target.password() == null ? null : target.password().reveal().getBytes(StandardCharsets.UTF_8);
    }

    private record Wire5(Mqtt5AsyncClient client, MqttTarget target) implements Wire {
        @Override
        public CompletableFuture<?> connect() {
            return client.connect(Mqtt5Connect.builder()
                    .cleanStart(true)
                    .sessionExpiryInterval(0)
                    .keepAlive(target.keepAlive())
                    .simpleAuth(auth())
                    .build());
        }

        private @Nullable Mqtt5SimpleAuth auth() {
            String username = target.username();
            byte[] password = password(target);
            Mqtt5SimpleAuthBuilder auth = Mqtt5SimpleAuth.builder();
            if (password == null) {
                return username == null ? null : auth.username(username).build();
            }
            return username == null
                    ? auth.password(password).build()
                    : auth.username(username).password(password).build();
        }

        @Override
        public CompletableFuture<?> publish(OutgoingPublish message) {
            List<Mqtt5UserProperty> properties = message.userProperties().stream()
                    .map(each -> Mqtt5UserProperty.of(each.name(), each.value()))
                    .toList();
            Mqtt5PublishBuilder.Complete publish = Mqtt5Publish.builder()
                    .topic(message.topic())
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .retain(message.retain())
                    .contentType(message.contentType())
                    .responseTopic(message.responseTopic())
                    .correlationData(message.correlationData())
                    .userProperties(Mqtt5UserProperties.of(properties))
                    .payload(message.payload());
            Long expiry = message.expirySeconds();
            return client.publish((expiry == null ? publish : publish.messageExpiryInterval(expiry)).build());
        }

        @Override
        public @Nullable RestrictionsForClient limits() {
            return client.getConfig()
                    .getConnectionConfig()
                    .map(connection -> connection.getRestrictionsForClient())
                    .orElse(null);
        }

        @Override
        public CompletableFuture<?> disconnect() {
            return client.disconnect();
        }
    }

    private record Wire3(Mqtt3AsyncClient client, MqttTarget target) implements Wire {
        @Override
        public CompletableFuture<?> connect() {
            var connect = Mqtt3Connect.builder().cleanSession(true).keepAlive(target.keepAlive());
            String username = target.username();
            byte[] password = password(target);
            if (username != null) {
                var auth = connect.simpleAuth().username(username);
                connect = (password == null ? auth : auth.password(password)).applySimpleAuth();
            }
            return client.connect(connect.build());
        }

        @Override
        public CompletableFuture<?> publish(OutgoingPublish message) {
            return client.publish(Mqtt3Publish.builder()
                    .topic(message.topic())
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .retain(message.retain())
                    .payload(message.payload())
                    .build());
        }

        /** MQTT 3.1.1 tells no limit. */
        @Override
        public @Nullable RestrictionsForClient limits() {
            return null;
        }

        @Override
        public CompletableFuture<?> disconnect() {
            return client.disconnect();
        }
    }
}
