package io.mqttrelay.dispatch.window;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The key of one address of a route in eight bytes, the same in every process and release: stored in commits. */
public final class AddressKey {
    /** The key for records that match no address: they become dead letters. */
    public static final long NOBODY = 0;

    private AddressKey() {}

    /** Returns the first eight bytes of the SHA-256 of both names. */
    public static long of(String route, String address) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((route + "\n" + address).getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
