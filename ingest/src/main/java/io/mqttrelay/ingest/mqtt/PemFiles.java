package io.mqttrelay.ingest.mqtt;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Certificates and keys from PEM files; what is wrong with one is an {@link IllegalArgumentException} in words. */
final class PemFiles {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");
    private static final char[] NO_PASSWORD = new char[0];

    private PemFiles() {}

    /** Trust in what descends from a certificate of {@code caFile}; null for null: what the JVM trusts. */
    static @Nullable TrustManagerFactory trust(@Nullable Path caFile) {
        if (caFile == null) {
            return null;
        }
        try {
            KeyStore store = emptyStore();
            int number = 0;
            for (Certificate certificate : certificates(caFile)) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory;
        } catch (GeneralSecurityException | IOException e) {
            throw unusable(caFile, e);
        }
    }

    /** Our own certificate and its key; null for null: we have none. */
    static @Nullable KeyManagerFactory key(@Nullable Path certFile, @Nullable Path keyFile) {
        if (certFile == null || keyFile == null) {
            return null;
        }
        try {
            KeyStore store = emptyStore();
            store.setKeyEntry(
                    "client",
                    privateKey(keyFile),
                    NO_PASSWORD,
                    certificates(certFile).toArray(new Certificate[0]));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, NO_PASSWORD);
            return factory;
        } catch (GeneralSecurityException | IOException e) {
            throw unusable(certFile, e);
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file) {
        try {
            Collection<? extends Certificate> found = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
            if (found.isEmpty()) {
                throw new CertificateException("it holds no certificate in PEM form");
            }
            return found;
        } catch (CertificateException | IOException e) {
            throw unusable(file, e);
        }
    }

    private static PrivateKey privateKey(Path file) {
        try {
            Matcher pem = KEY.matcher(Files.readString(file, StandardCharsets.US_ASCII));
            if (!pem.find()) {
                throw new GeneralSecurityException("it holds no unencrypted PKCS#8 key (-----BEGIN PRIVATE KEY-----);"
                        + " 'openssl pkcs8 -topk8 -nocrypt' makes one");
            }
            return decode(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1))));
        } catch (GeneralSecurityException | IOException e) {
            throw unusable(file, e);
        }
    }

    private static PrivateKey decode(PKCS8EncodedKeySpec encoded) throws GeneralSecurityException {
        GeneralSecurityException none =
                new GeneralSecurityException("its key is none of " + String.join(", ", ALGORITHMS));
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (GeneralSecurityException e) {
                none.addSuppressed(e); // a key of another algorithm
            }
        }
        throw none;
    }

    private static IllegalArgumentException unusable(Path file, Exception e) {
        String why = e instanceof IOException && !(e.getMessage() == null)
                ? e.getClass().getSimpleName()
                : String.valueOf(e.getMessage());
        return new IllegalArgumentException("TLS file " + file + " cannot be used: " + why, e);
    }
}
