package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.config.TlsSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** TLS towards one address: whom to trust, and who the relay says it is. */
final class CallbackTls {
    private static final char[] NO_PASSWORD = new char[0];

    private final KeyManager @Nullable [] keys;
    private final X509TrustManager trust;

    private CallbackTls(KeyManager @Nullable [] keys, X509TrustManager trust) {
        this.keys = keys;
        this.trust = trust;
    }

    /** @throws UnusableAddressException naming the file that cannot be used, and why */
    static CallbackTls of(TlsSettings settings) {
        try {
            return new CallbackTls(keys(settings), trust(settings.caFile()));
        } catch (GeneralSecurityException | IOException e) {
            throw new UnusableAddressException("TLS to callbacks cannot be set up: " + e.getMessage(), e);
        }
    }

    private static KeyManager @Nullable [] keys(TlsSettings settings) throws GeneralSecurityException, IOException {
        Path certFile = settings.certFile();
        Path keyFile = settings.keyFile();
        if (certFile == null || keyFile == null) {
            return null;
        }
        List<X509Certificate> chain = PemFile.certificates(certFile);
        PrivateKey key = PemFile.privateKey(keyFile);
        PemFile.requirePair(key, keyFile, chain.get(0), certFile);
        KeyStore store = emptyStore();
        store.setKeyEntry("client", key, NO_PASSWORD, chain.toArray(new Certificate[0]));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static X509TrustManager trust(@Nullable Path caFile) throws GeneralSecurityException, IOException {
        KeyStore store = null;
        if (caFile != null) {
            store = emptyStore();
            for (X509Certificate authority : PemFile.certificates(caFile)) {
                store.setCertificateEntry("ca-" + store.size(), authority);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store); // null: the JVM's own
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return x509;
            }
        }
        throw new GeneralSecurityException("this platform has no X.509 trust manager");
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    void apply(OkHttpClient.Builder client) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[] {trust}, null);
            client.sslSocketFactory(context.getSocketFactory(), trust);
        } catch (GeneralSecurityException e) {
            throw new UnusableAddressException("TLS to callbacks cannot be set up: " + e.getMessage(), e);
        }
    }
}
