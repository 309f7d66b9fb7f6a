package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.config.TlsSettings;
import io.mqttrelay.common.tls.TlsMaterial;
import io.mqttrelay.common.tls.UnusableTlsException;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;

/** TLS towards one address: whom to trust, and who the relay says it is. */
final class CallbackTls {
    private final TlsMaterial material;

    private CallbackTls(TlsMaterial material) {
        this.material = material;
    }

    /** @throws UnusableAddressException naming the file that cannot be used, and why */
    static CallbackTls of(TlsSettings settings) {
        try {
            return new CallbackTls(TlsMaterial.of(settings.caFile(), settings.certFile(), settings.keyFile()));
        } catch (UnusableTlsException e) {
            throw new UnusableAddressException(String.valueOf(e.getMessage()), e);
        }
    }

    private X509TrustManager trust() throws GeneralSecurityException {
        for (TrustManager manager : material.trust().getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return x509;
            }
        }
        throw new GeneralSecurityException("this platform has no X.509 trust manager");
    }

    void apply(OkHttpClient.Builder client) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManagerFactory key = material.key();
            X509TrustManager trust = trust();
            context.init(key == null ? null : key.getKeyManagers(), new TrustManager[] {trust}, null);
            client.sslSocketFactory(context.getSocketFactory(), trust);
        } catch (GeneralSecurityException e) {
            throw new UnusableAddressException("TLS to callbacks cannot be set up: " + e.getMessage(), e);
        }
    }
}
