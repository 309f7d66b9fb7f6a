package io.mqttrelay.common.config;

import io.mqttrelay.common.config.TextType.WrongException;
import io.mqttrelay.common.text.Printable;
import io.mqttrelay.common.tls.Pem;
import io.mqttrelay.common.tls.UnusablePemException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A PEM file that must be there and hold what it is named for: found out at the start, not at the first connection. */
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
            return value.lookedAt().text(file, MAX_BYTES);
        } catch (FileBytes.UnreadableException e) {
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
