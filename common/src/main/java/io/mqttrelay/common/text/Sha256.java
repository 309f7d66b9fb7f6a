package io.mqttrelay.common.text;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 digests: of a text which may be secret, as a short key of a name, or of bytes that arrive in parts. */
public final class Sha256 {
    private Sha256() {}

    /** The SHA-256 of the text in UTF-8, as 64 hexadecimal digits. */
    public static String of(String text) {
        return HexFormat.of().formatHex(bytes(text));
    }

    /** The first eight bytes of the SHA-256 of the text in UTF-8. */
    public static long firstBytes(String text) {
        return ByteBuffer.wrap(bytes(text)).getLong();
    }

    /** Makes a digest that has got no bytes yet. */
    public static MessageDigest begin() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    private static byte[] bytes(String text) {
        return begin().digest(text.getBytes(StandardCharsets.UTF_8));
    }
}
