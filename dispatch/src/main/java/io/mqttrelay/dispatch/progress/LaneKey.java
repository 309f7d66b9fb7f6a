package io.mqttrelay.dispatch.progress;

import io.mqttrelay.common.text.Sha256;

/**
 * The key of a lane in six bytes, made from its order key; the same in every process and release: stored in commits.
 */
public final class LaneKey {
    /** Bytes of a key. */
    static final int BYTES = 6;

    private LaneKey() {}

    /** Returns the first six bytes of the SHA-256 of the order key, at least 0. */
    public static long of(String orderKey) {
        return Sha256.firstBytes(orderKey) >>> (Long.SIZE - Byte.SIZE * BYTES);
    }
}
