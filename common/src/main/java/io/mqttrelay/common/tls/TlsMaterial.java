package io.mqttrelay.common.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The trusted certificates and the client's own certificate, read from PEM files.
 *
 * @param trust the configured certificates, or else the JVM's
 * @param key the client's certificate and its key; null: none
 */
public record TlsMaterial(
        TrustManagerFactory trust, @Nullable KeyManagerFactory key) {
    private static final long MAX_BYTES = 1024 * 1024;
    private static final char[] NO_PASSWORD = new char[0];

    /**
     * Reads the files.
     *
     * @param caFile the CA certificates that must have signed the server's certificate; null: the JVM's trust
     *     store
     * @param certFile the client's certificate chain; null: none
     * @param keyFile its private key; null: none
     * @throws UnusableTlsException naming the file and the reason
     */
    public static TlsMaterial of(@Nullable Path caFile, @Nullable Path certFile, @Nullable Path keyFile) {
        try {
            return new TlsMaterial(trust(caFile), key(certFile, keyFile));
        } catch (GeneralSecurityException | IOException e) {
            throw new UnusableTlsException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    private static TrustManagerFactory trust(@Nullable Path caFile) throws GeneralSecurityException, IOException {
        KeyStore store = null;
        if (caFile != null) {
            store = emptyStore();
            for (X509Certificate authority : certificates(caFile)) {
                store.setCertificateEntry("ca-" + store.size(), authority);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store); // null: the JVM's own
        return factory;
    }

    private static @Nullable KeyManagerFactory key(@Nullable Path certFile, @Nullable Path keyFile)
            throws GeneralSecurityException, IOException {
        if (certFile == null || keyFile == null) {
            return null;
        }
        List<X509Certificate> chain = certificates(certFile);
        PrivateKey key = privateKey(keyFile);
        if (!Pem.isPair(key, chain.get(0))) {
            throw new UnusableTlsException(keyFile + ": it is not the key of the certificate in " + certFile);
        }
        KeyStore store = emptyStore();
        store.setKeyEntry("client", key, NO_PASSWORD, chain.toArray(new Certificate[0]));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory;
    }

    private static List<X509Certificate> certificates(Path file) {
        try {
            return Pem.certificates(read(file));
        } catch (UnusablePemException e) {
            throw new UnusableTlsException(file + ": " + e.why());
        }
    }

    private static PrivateKey privateKey(Path file) {
        try {
            return Pem.privateKey(read(file));
        } catch (UnusablePemException e) {
            throw new UnusableTlsException(file + ": " + e.why());
        }
    }

    private static String read(Path file) {
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new UnusableTlsException(file + ": not a file");
            }
            if (Files.size(file) > MAX_BYTES) {
                throw new UnusableTlsException(file + ": too large for a PEM file");
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new UnusableTlsException(file + ": there is no such file");
        } catch (IOException e) {
            throw new UnusableTlsException(file + ": cannot be read");
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }
}
