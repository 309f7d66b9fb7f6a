package io.mqttrelay.dispatch.sink.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Certificates and keys from PEM files (RFC 7468); what is wrong with one is said with its name. */
final class PemFile {
    private static final long MAX_BYTES = 1024 * 1024;
    private static final Pattern PRIVATE_KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "Ed25519", "Ed448", "RSASSA-PSS");

    private PemFile() {}

    /** At least one, in the file's order. */
    static List<X509Certificate> certificates(Path file) {
        String text = read(file);
        if (!text.contains("-----BEGIN CERTIFICATE-----")) {
            throw unusable(file, "there is no certificate in it (-----BEGIN CERTIFICATE-----)");
        }
        // text before the first certificate is allowed and would confuse the factory
        byte[] pem = text.substring(text.indexOf("-----BEGIN CERTIFICATE-----")).getBytes(StandardCharsets.UTF_8);
        try {
            List<X509Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (certificates.isEmpty()) {
                throw unusable(file, "there is no certificate in it");
            }
            return certificates;
        } catch (CertificateException e) {
            throw unusable(
                    file, "a certificate in it cannot be read: " + OneLine.of(String.valueOf(e.getMessage()), 200));
        }
    }

    static PrivateKey privateKey(Path file) {
        String text = read(file);
        Matcher pem = PRIVATE_KEY.matcher(text);
        if (!pem.find()) {
            throw unusable(file, problem(text));
        }
        PKCS8EncodedKeySpec spec;
        try {
            spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        } catch (IllegalArgumentException e) {
            throw unusable(file, "the private key in it is not base64");
        }
        for (String algorithm : KEY_ALGORITHMS) {
            PrivateKey key = keyOf(algorithm, spec, file);
            if (key != null) {
                return key;
            }
        }
        throw unusable(file, "the private key in it is damaged or of an unknown kind");
    }

    /** Null: a key of another kind. */
    private static @Nullable PrivateKey keyOf(String algorithm, PKCS8EncodedKeySpec spec, Path file) {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(spec);
        } catch (InvalidKeySpecException e) {
            return null;
        } catch (GeneralSecurityException e) {
            throw unusable(file, "this Java cannot read " + algorithm + " keys");
        }
    }

    private static String problem(String text) {
        if (text.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----")) {
            return "the private key is encrypted; decrypt it: openssl pkcs8 -in KEY -out NEW";
        }
        if (text.contains("-----BEGIN RSA PRIVATE KEY-----") || text.contains("-----BEGIN EC PRIVATE KEY-----")) {
            return "the private key is not PKCS#8; convert it: openssl pkcs8 -topk8 -nocrypt -in KEY -out NEW";
        }
        return "there is no private key in it (-----BEGIN PRIVATE KEY-----)";
    }

    /** @throws UnusableAddressException if the certificate belongs to another key */
    static void requirePair(PrivateKey key, Path keyFile, X509Certificate certificate, Path certFile) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
            default -> "";
        };
        if (algorithm.isEmpty()) {
            return;
        }
        byte[] probe = {1};
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(probe);
            if (signature.verify(signed)) {
                return;
            }
        } catch (GeneralSecurityException e) {
            throw new UnusableAddressException(keyFile + " is not the key of the certificate in " + certFile, e);
        }
        throw new UnusableAddressException(keyFile + " is not the key of the certificate in " + certFile);
    }

    private static String read(Path file) {
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw unusable(file, "not a file");
            }
            if (Files.size(file) > MAX_BYTES) {
                throw unusable(file, "too large for a PEM file");
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw unusable(file, "there is no such file");
        } catch (IOException e) {
            throw unusable(file, "cannot be read");
        }
    }

    private static UnusableAddressException unusable(Path file, String problem) {
        return new UnusableAddressException(file + ": " + problem);
    }
}
