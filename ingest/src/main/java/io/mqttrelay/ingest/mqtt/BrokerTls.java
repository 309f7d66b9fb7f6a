package io.mqttrelay.ingest.mqtt;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import io.mqttrelay.common.config.Broker;
import io.mqttrelay.common.config.TlsSettings;
import io.mqttrelay.common.tls.TlsMaterial;
import io.mqttrelay.common.tls.UnusableTlsException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** TLS towards an MQTT broker: whom to trust, and who the relay says it is. */
public final class BrokerTls {
    private static final long HANDSHAKE_SECONDS = 10;

    /** Older ones are refused even where the JVM was told to allow them. */
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private BrokerTls() {}

    /**
     * At start, before anything is connected: looks whether the files can be used, and belong together.
     *
     * @throws UnusableTlsException naming the file that cannot, and why
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
