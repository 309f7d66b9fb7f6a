package io.mqttrelay.common.config;

import io.mqttrelay.common.config.TextType.WrongException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;

/** A PEM file that must be there and hold what it is named for: found out at the start, not at the first connection. */
final class PemFile {
    private static final int MAX_BYTES = 1 << 20;

    private PemFile() {}

    static TextType<Path> certificates() {
        return TextType.of("PEM file", (text, value) -> {
            Path file = locate(text, value);
            checkCertificates(content(file));
            return file;
        });
    }

    static TextType<Path> privateKey() {
        return TextType.of("PEM file", (text, value) -> {
            Path file = locate(text, value);
            checkKey(content(file));
            return file;
        });
    }

    private static Path locate(String name, Value value) throws WrongException {
        if (name.isBlank()) {
            throw new WrongException("must not be empty");
        }
        try {
            return value.folder().resolve(name).normalize();
        } catch (InvalidPathException e) {
            throw new WrongException("is not the name of a file");
        }
    }

    private static String content(Path file) throws WrongException {
        try {
            return FileBytes.text(file, MAX_BYTES);
        } catch (FileBytes.UnreadableException e) {
            throw new WrongException("the file " + Printable.cut(file.toString()) + " " + e.why());
        }
    }

    private static void checkCertificates(String pem) throws WrongException {
        try {
            byte[] bytes = pem.getBytes(StandardCharsets.UTF_8);
            if (CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(bytes))
                    .isEmpty()) {
                throw new WrongException("the file holds no certificate");
            }
        } catch (CertificateException e) {
            throw new WrongException("the file holds no PEM certificate that can be read");
        }
    }

    private static void checkKey(String pem) throws WrongException {
        if (pem.contains("-----BEGIN PRIVATE KEY-----")) {
            return;
        }
        if (pem.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----")) {
            throw new WrongException("the key is encrypted; write it without a passphrase with:"
                    + " openssl pkcs8 -topk8 -nocrypt -in KEY -out KEY.pk8");
        }
        if (pem.contains("PRIVATE KEY-----")) {
            throw new WrongException(
                    "the key is not PKCS#8; convert it with:" + " openssl pkcs8 -topk8 -nocrypt -in KEY -out KEY.pk8");
        }
        throw new WrongException("the file holds no PEM private key");
    }
}
