package io.mqttrelay.dispatch.sink.http.net;

import io.mqttrelay.common.config.value.TlsSettings;
import io.mqttrelay.common.tls.TlsMaterial;
import io.mqttrelay.common.tls.UnusableTlsException;
import io.mqttrelay.dispatch.sink.UnusableAddressException;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * TLS towards one address, as its files are now: the trusted certificates, and the relay's own.
 *
 * @param sockets made with both
 */
record CallbackTls(X509TrustManager trust, SSLSocketFactory sockets) {
    /** @throws UnusableAddressException naming the file that cannot be used, and why */
    static CallbackTls of(TlsSettings settings) {
        try {
            return of(TlsMaterial.of(settings.caFile(), settings.certFile(), settings.keyFile()));
        } catch (UnusableTlsException e) {
            throw new UnusableAddressException(String.valueOf(e.getMessage()), e);
        } catch (GeneralSecurityException e) {
            throw new UnusableAddressException("TLS to callbacks cannot be set up: " + e.getMessage(), e);
        }
    }

    private static CallbackTls of(TlsMaterial material) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManagerFactory key = material.key();
        X509TrustManager trust = trust(material);
        context.init(key == null ? null : key.getKeyManagers(), new TrustManager[] {trust}, null);
        return new CallbackTls(trust, context.getSocketFactory());
    }

    private static X509TrustManager trust(TlsMaterial material) throws GeneralSecurityException {
        for (TrustManager manager : material.trust().getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return x509;
            }
        }
        throw new GeneralSecurityException("this platform has no X.509 trust manager");
    }
}
