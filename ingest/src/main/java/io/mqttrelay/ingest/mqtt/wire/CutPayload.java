package io.mqttrelay.ingest.mqtt.wire;

import io.mqttrelay.common.text.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a payload, with the size and the SHA-256 of the whole. {@link OversizeCut} writes both into a trailer
 * behind the first bytes. The trailer begins with a random mark of this process, so that no publisher can make one.
 *
 * @param head the first bytes of the payload, or all of it; read-only
 * @param size bytes of the whole payload
 * @param hash SHA-256 of the whole payload, lower-case hex
 */
public record CutPayload(ByteBuffer head, long size, String hash) {
    static final int HASH = 32;
    static final int TRAILER = 2 * Long.BYTES + Long.BYTES + HASH;

    private static final long MARK_HIGH;
    private static final long MARK_LOW;

    static {
        SecureRandom random = new SecureRandom();
        MARK_HIGH = random.nextLong();
        MARK_LOW = random.nextLong();
    }

    /** Null: the payload is whole. */
    public static @Nullable CutPayload of(ByteBuffer payload) {
        int trailer = payload.limit() - TRAILER;
        if (trailer < payload.position()
                || payload.getLong(trailer) != MARK_HIGH
                || payload.getLong(trailer + Long.BYTES) != MARK_LOW) {
            return null;
        }
        byte[] hash = new byte[HASH];
        payload.get(payload.limit() - HASH, hash);
        ByteBuffer head = payload.duplicate().limit(trailer);
        return new CutPayload(
                head, payload.getLong(trailer + 2 * Long.BYTES), HexFormat.of().formatHex(hash));
    }

    /** Of a payload that is whole. */
    public static CutPayload ofWhole(ByteBuffer payload) {
        MessageDigest digest = Sha256.begin();
        digest.update(payload.duplicate());
        return new CutPayload(payload, payload.remaining(), HexFormat.of().formatHex(digest.digest()));
    }

    static byte[] trailer(long size, byte[] hash) {
        return ByteBuffer.allocate(TRAILER)
                .putLong(MARK_HIGH)
                .putLong(MARK_LOW)
                .putLong(size)
                .put(hash)
                .array();
    }
}
