package io.mqttrelay.dispatch.progress;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The key of a lane in six bytes, made from its order key; the same in every process and release: stored in commits.
 */
public final class LaneKey {
    /** Bytes of a key. */
    static final int BYTES = 6;

    private LaneKey() {}

    /** Returns the first six bytes of the SHA-256 of the order key, at least 0. */
    public static long of(String orderKey) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(orderKey.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong() >>> (Long.SIZE - Byte.SIZE * BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
