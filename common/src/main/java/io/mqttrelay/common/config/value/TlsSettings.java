package io.mqttrelay.common.config.value;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * TLS settings of a connection to a server, from PEM files.
 *
 * @param caFile the CA certificates that must have signed the server's certificate; null: the JVM's trust store
 * @param certFile the client's certificate chain, for mutual TLS; null: none
 * @param keyFile the client's private key (PKCS#8), present exactly when {@code certFile} is
 * @param verifyHostname false only if an operator says so for an MQTT broker
 */
public record TlsSettings(
        @Nullable Path caFile,
        @Nullable Path certFile,
        @Nullable Path keyFile,
        boolean verifyHostname) {
    /** The JVM's trust store, no client certificate, host name verified. */
    public static final TlsSettings JVM_DEFAULT = new TlsSettings(null, null, null, true);
}
