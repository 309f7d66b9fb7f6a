package io.mqttrelay.dispatch.deadletter;

import io.mqttrelay.common.record.RecordCodec;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts open failures by app, route and address. The counts are exact up to a bound; beyond it, further entries are
 * not counted, so that the counts are lower bounds. Stores eight bytes of each key. One thread.
 */
final class OpenTable {
    /**
     * The owner of a failure.
     *
     * @param clientId the route's name; empty: not known
     * @param address its id; empty: not known
     */
    record Label(String appId, String clientId, String address) {}

    private final int bound;
    private final Map<Long, Label> keys = new HashMap<>();
    private final Map<Label, Label> labels = new HashMap<>();
    private final Map<Label, Long> counts = new HashMap<>();
    private boolean complete = true;

    /** @param bound entries of all apps together */
    OpenTable(int bound) {
        this.bound = bound;
    }

    /**
     * Applies a record of an app's dead topic: it opens a failure, or removes it. If partitions were added to the
     * topic, a key may be in two of them: the removal of one does not affect the other.
     *
     * @param clientId of a record that opens one; empty: not known
     */
    void apply(String appId, int partition, byte[] key, boolean opens, String clientId) {
        long hash = DeadLetterTable.keyHash(appId, partition, key);
        if (!opens) {
            Label label = keys.remove(hash);
            if (label != null) {
                counts.computeIfPresent(label, (known, open) -> open == 1 ? null : open - 1);
            }
        } else if (keys.size() < bound) {
            Label label = new Label(appId, clientId, RecordCodec.addressOfDeadKey(key));
            Label one = labels.computeIfAbsent(label, known -> known);
            if (keys.putIfAbsent(hash, one) == null) {
                counts.merge(one, 1L, Long::sum);
            }
        } else if (!keys.containsKey(hash)) {
            complete = false;
        }
    }

    Map<Label, Long> counts() {
        return Map.copyOf(counts);
    }

    /** False: there are more than the bound, and the counts are lower bounds. */
    boolean isComplete() {
        return complete;
    }

    /** Whether there is room again for entries that were not counted. */
    boolean isHalfEmpty() {
        return keys.size() < bound / 2;
    }
}
