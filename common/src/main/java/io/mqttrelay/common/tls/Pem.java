package io.mqttrelay.common.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
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

/** Reads certificates and private keys in PEM (RFC 7468). */
public final class Pem {
    private static final String CERTIFICATE = "-----BEGIN CERTIFICATE-----";
    private static final Pattern PRIVATE_KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");
    private static final String TO_PKCS8 = "openssl pkcs8 -topk8 -nocrypt -in KEY -out KEY.pk8";

    private Pem() {}

    /** Reads the certificates, at least one, in the text's order. */
    public static List<X509Certificate> certificates(String pem) throws UnusablePemException {
        int begin = pem.indexOf(CERTIFICATE);
        if (begin < 0) {
            throw new UnusablePemException("the file holds no certificate");
        }
        // text before the first certificate is allowed, but the factory does not accept it
        byte[] bytes = pem.substring(begin).getBytes(StandardCharsets.UTF_8);
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(bytes))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertificateException e) {
            throw new UnusablePemException("the file holds no PEM certificate that can be read");
        }
    }

    /** Reads the text's first private key: PKCS#8, not encrypted. */
    public static PrivateKey privateKey(String pem) throws UnusablePemException {
        Matcher key = PRIVATE_KEY.matcher(pem);
        if (!key.find()) {
            throw new UnusablePemException(whyNoKey(pem));
        }
        PKCS8EncodedKeySpec encoded;
        try {
            encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(key.group(1)));
        } catch (IllegalArgumentException e) {
            throw new UnusablePemException("the private key is not base64");
        }
        for (String algorithm : KEY_ALGORITHMS) {
            PrivateKey decoded = decode(algorithm, encoded);
            if (decoded != null) {
                return decoded;
            }
        }
        throw new UnusablePemException("the private key is damaged, or none of " + String.join(", ", KEY_ALGORITHMS));
    }

    private static String whyNoKey(String pem) {
        if (pem.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----")) {
            return "the key is encrypted; write it without a passphrase with: " + TO_PKCS8;
        }
        if (pem.contains("-----BEGIN RSA PRIVATE KEY-----") || pem.contains("-----BEGIN EC PRIVATE KEY-----")) {
            return "the key is not PKCS#8; convert it with: " + TO_PKCS8;
        }
        return "the file holds no PEM private key";
    }

    /** The key; null: it has another algorithm. */
    private static @Nullable PrivateKey decode(String algorithm, PKCS8EncodedKeySpec encoded) {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
        } catch (InvalidKeySpecException e) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java 17 reads " + algorithm + " keys", e);
        }
    }

    /** Whether the key belongs to the certificate; also true for algorithms that are not checked. */
    public static boolean isPair(PrivateKey key, X509Certificate certificate) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
            default -> "";
        };
        if (algorithm.isEmpty()) {
            return true;
        }
        byte[] probe = {1};
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(probe);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
