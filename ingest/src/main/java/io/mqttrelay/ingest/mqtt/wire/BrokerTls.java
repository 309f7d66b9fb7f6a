package io.mqttrelay.ingest.mqtt.wire;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import io.mqttrelay.common.config.Broker;
import io.mqttrelay.common.config.value.TlsSettings;
import io.mqttrelay.common.tls.TlsMaterial;
import io.mqttrelay.common.tls.UnusableTlsException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The TLS of a connection to an MQTT broker: trusted certificates and the relay's own certificate. */
public final class BrokerTls {
    private static final long HANDSHAKE_SECONDS = 10;

    /** Older versions are refused even if the JVM is configured to allow them. */
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private BrokerTls() {}

    /**
     * Checks at start, before any connection, that the files are usable and belong together.
     *
     * @throws UnusableTlsException naming the unusable file and the reason
     */
    public static void check(Broker broker) {
        TlsSettings settings = broker.tls();
        if (settings != null) {
            var unused = material(settings);
        }
    }

    /** For one connection. The files are read each time: certificates are renewed while we run. */
    static MqttClientSslConfig of(TlsSettings settings) {
        TlsMaterial material = material(settings);
        var ssl = MqttClientSslConfig.builder()
                .trustManagerFactory(material.trust())
                .keyManagerFactory(material.key())
                .protocols(PROTOCOLS)
                .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS);
        return (settings.verifyHostname() ? ssl : ssl.hostnameVerifier((host, session) -> true)).build();
    }

    private static TlsMaterial material(TlsSettings settings) {
        return TlsMaterial.of(settings.caFile(), settings.certFile(), settings.keyFile());
    }
}
