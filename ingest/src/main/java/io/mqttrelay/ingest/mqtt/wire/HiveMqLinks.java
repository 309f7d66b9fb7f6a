package io.mqttrelay.ingest.mqtt.wire;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientBuilder;
import com.hivemq.client.mqtt.MqttClientExecutorConfig;
import com.hivemq.client.mqtt.MqttClientTransportConfig;
import com.hivemq.client.mqtt.MqttClientTransportConfigBuilder;
import com.hivemq.client.mqtt.MqttWebSocketConfig;
import com.hivemq.client.mqtt.lifecycle.MqttDisconnectSource;
import io.mqttrelay.common.config.Broker;
import io.mqttrelay.common.config.value.HostPort;
import io.mqttrelay.common.config.value.MqttVersion;
import io.mqttrelay.common.config.value.TlsSettings;
import io.reactivex.schedulers.Schedulers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Links of the HiveMQ client, all to one broker under one client id. */
public final class HiveMqLinks implements Link.Factory {
    private static final long CONNECT_SECONDS = 10;
    /** No socket can be connected to it. */
    private static final byte[] NO_ADDRESS = {-1, -1, -1, -1};

    private final Broker broker;
    private final String clientId;
    private final EventLoops loops;

    public HiveMqLinks(Broker broker, String clientId, EventLoops loops) {
        this.broker = broker;
        this.clientId = clientId;
        this.loops = loops;
    }

    @Override
    public Link open(HostPort address, Link.Events events) {
        Wire wire = new Wire(events, broker.mqttVersion() == MqttVersion.V5);
        AtomicBoolean accepted = new AtomicBoolean();
        MqttClientBuilder builder = MqttClient.builder()
                .identifier(clientId)
                .transportConfig(transport(address, wire))
                .executorConfig(MqttClientExecutorConfig.builder()
                        .nettyExecutor(loops.executor())
                        .nettyThreads(EventLoops.THREADS)
                        // on the event loop itself: otherwise each message goes over a thread of RxJava's
                        .applicationScheduler(Schedulers.trampoline())
                        .build())
                .addConnectedListener(context -> accepted.set(true))
                .addDisconnectedListener(context -> {
                    if (!accepted.get()) {
                        loops.failed();
                    }
                    events.ended(ending(wire, context.getSource(), context.getCause()));
                });
        return broker.mqttVersion() == MqttVersion.V5
                ? new Mqtt5Link(builder.useMqttVersion5().buildAsync(), broker, events, wire)
                : new Mqtt3Link(builder.useMqttVersion3().buildAsync(), broker, events, wire);
    }

    private Link.Ending ending(Wire wire, MqttDisconnectSource source, Throwable cause) {
        return broker.mqttVersion() == MqttVersion.V5 && !wire.isAnswered()
                ? ConnectionFailure.ofConnect5(source, cause)
                : ConnectionFailure.of(source, cause);
    }

    private MqttClientTransportConfig transport(HostPort address, Wire wire) {
        MqttClientTransportConfigBuilder transport = MqttClientTransportConfig.builder()
                .serverAddress(notLookedUp(address))
                .localAddress(wire.localAddress(() -> loops.lookups()
                        .find(address.host())
                        .thenApply(found -> new InetSocketAddress(found, address.port()))))
                .socketConnectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS)
                .mqttConnectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS);
        String path = broker.websocketPath();
        if (path != null) {
            transport = transport.webSocketConfig(
                    MqttWebSocketConfig.builder().serverPath(path).build());
        }
        TlsSettings tls = broker.tls();
        if (tls != null) {
            transport = transport.sslConfig(BrokerTls.of(tls));
        }
        return transport.build();
    }

    /** An address with the broker's name that Netty does not look up, on the event loop; WireHandler replaces it. */
    private static InetSocketAddress notLookedUp(HostPort address) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address.host(), NO_ADDRESS), address.port());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
