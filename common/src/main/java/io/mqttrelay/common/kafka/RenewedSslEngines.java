package io.mqttrelay.common.kafka;

import io.mqttrelay.common.tls.FileVersions;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's TLS with files that may be replaced while a client runs: every new connection uses the current files. Kafka
 * itself reads them once per client. If the new files are unusable, the old ones stay in use.
 *
 * <p>Public, with a constructor without parameters, because Kafka's clients create it by class name.
 */
public final class RenewedSslEngines implements SslEngineFactory {
    private static final Logger log = LogManager.getLogger(RenewedSslEngines.class);

    // guarded by this
    private Map<String, ?> configs = Map.of();
    private FileVersions versions = FileVersions.of();
    private DefaultSslEngineFactory engines = new DefaultSslEngineFactory();

    /** Whether these client settings name files that may be replaced. */
    static boolean areFor(Map<String, Object> config) {
        return config.get(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG) != null
                || config.get(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG) != null;
    }

    @Override
    public synchronized void configure(Map<String, ?> settings) {
        configs = settings;
        versions = versions();
        engines.configure(settings);
    }

    private FileVersions versions() {
        return FileVersions.of(
                file(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG), file(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG));
    }

    private @Nullable Path file(String key) {
        Object name = configs.get(key);
        return name == null ? null : Path.of(String.valueOf(name));
    }

    private DefaultSslEngineFactory current() {
        FileVersions now = versions();
        if (!now.equals(versions)) {
            versions = now; // updated even if the renewal fails: one attempt per change
            renew();
        }
        return engines;
    }

    private void renew() {
        DefaultSslEngineFactory renewed = new DefaultSslEngineFactory();
        try {
            renewed.configure(configs);
            engines = renewed;
            log.info("Kafka's TLS files were replaced, new connections use them");
        } catch (KafkaException e) {
            log.warn(
                    "Kafka's TLS files were replaced and cannot be used, the old ones stay in use: {}", e.getMessage());
        }
    }

    @Override
    public synchronized SSLEngine createClientSslEngine(String host, int port, String endpointIdentification) {
        return current().createClientSslEngine(host, port, endpointIdentification);
    }

    @Override
    public synchronized SSLEngine createServerSslEngine(String host, int port) {
        return current().createServerSslEngine(host, port);
    }

    @Override
    public synchronized boolean shouldBeRebuilt(Map<String, Object> nextConfigs) {
        return engines.shouldBeRebuilt(nextConfigs);
    }

    @Override
    public synchronized Set<String> reconfigurableConfigs() {
        return engines.reconfigurableConfigs();
    }

    @Override
    public synchronized @Nullable KeyStore keystore() {
        return engines.keystore();
    }

    @Override
    public synchronized @Nullable KeyStore truststore() {
        return engines.truststore();
    }

    @Override
    public synchronized void close() {
        engines.close();
    }
}
