package io.mqttrelay.common.config.read.value;

import io.mqttrelay.common.settings.FileSnapshot;
import io.mqttrelay.common.settings.TextType;
import io.mqttrelay.common.settings.TextType.WrongException;
import io.mqttrelay.common.settings.Value;
import io.mqttrelay.common.text.Printable;
import io.mqttrelay.common.tls.Pem;
import io.mqttrelay.common.tls.UnusablePemException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks a PEM file when the configuration is read, not at the first connection: it must exist and hold the expected
 * objects.
 */
final class PemFile {
    private static final int MAX_BYTES = 1 << 20;

    private PemFile() {}

    static TextType<Path> certificates() {
        return TextType.of("PEM file", (text, value) -> {
            Path file = locate(text, value);
            checkCertificates(content(file, value));
            return file;
        });
    }

    static TextType<Path> privateKey() {
        return TextType.of("PEM file", (text, value) -> {
            Path file = locate(text, value);
            checkKey(content(file, value));
            value.warnIfOpenToOthers(file);
            return file;
        });
    }

    /** The certificates of a file that was checked before; empty: the file has changed since. */
    static List<X509Certificate> certificates(Path file, Value value) {
        try {
            return Pem.certificates(content(file, value));
        } catch (WrongException | UnusablePemException e) {
            return List.of();
        }
    }

    /** The private key of a file that was checked before; null: the file has changed since. */
    static @Nullable PrivateKey privateKey(Path file, Value value) {
        try {
            return Pem.privateKey(content(file, value));
        } catch (WrongException | UnusablePemException e) {
            return null;
        }
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

    private static String content(Path file, Value value) throws WrongException {
        try {
            return value.textOf(file, MAX_BYTES);
        } catch (FileSnapshot.UnreadableException e) {
            throw new WrongException("the file " + Printable.cut(file.toString()) + " " + e.why());
        }
    }

    private static void checkCertificates(String pem) throws WrongException {
        try {
            Pem.certificates(pem);
        } catch (UnusablePemException e) {
            throw new WrongException(e.why());
        }
    }

    private static void checkKey(String pem) throws WrongException {
        try {
            Pem.privateKey(pem);
        } catch (UnusablePemException e) {
            throw new WrongException(e.why());
        }
    }
}
