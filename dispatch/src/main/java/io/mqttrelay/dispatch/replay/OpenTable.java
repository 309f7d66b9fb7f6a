package io.mqttrelay.dispatch.replay;

import io.mqttrelay.common.record.RecordCodec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How many failures are open, by app and address. Exact up to a bound; beyond it, what was not taken up is not counted,
 * so that the figures are lower bounds. Remembers eight bytes of each key. One thread.
 */
final class OpenTable {
    /** An app, and an address as its scheme, host and port; empty: none is known. */
    record Label(String appId, String address) {}

    private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;
    private static final int BYTE = 0xff;

    private final int bound;
    private final Set<Long> keys = new HashSet<>();
    private final Map<Label, Long> counts = new HashMap<>();
    private boolean complete = true;

    /** @param bound entries of all apps together */
    OpenTable(int bound) {
        this.bound = bound;
    }

    /**
     * A record of an app's dead topic: it opens a failure, or removes it. Where the topic has got more partitions, a key may stand
     * in two: what removes one says nothing of the other.
     */
    void apply(String appId, int partition, byte[] key, boolean opens) {
        long hash = hash(appId, partition, key);
        if (!opens) {
            if (keys.remove(hash)) {
                counts.computeIfPresent(label(appId, key), (label, open) -> open == 1 ? null : open - 1);
            }
        } else if (keys.size() < bound) {
            if (keys.add(hash)) {
                counts.merge(label(appId, key), 1L, Long::sum);
            }
        } else if (!keys.contains(hash)) {
            complete = false;
        }
    }

    private static Label label(String appId, byte[] key) {
        return new Label(appId, AddressFilter.origin(RecordCodec.addressOfDeadKey(key)));
    }

    /** FNV-1a, mixed once more because a hash set looks at the low bits only. */
    private static long hash(String appId, int partition, byte[] key) {
        long hash = (OFFSET_BASIS ^ appId.hashCode()) * PRIME ^ partition;
        for (byte b : key) {
            hash = (hash ^ (b & BYTE)) * PRIME;
        }
        return (hash ^ (hash >>> 32)) * PRIME;
    }

    Map<Label, Long> counts() {
        return Map.copyOf(counts);
    }

    /** False: there are more than the bound, and the counts are lower bounds. */
    boolean isComplete() {
        return complete;
    }

    /** Whether there is room again for what was not counted. */
    boolean isHalfEmpty() {
        return keys.size() < bound / 2;
    }
}
