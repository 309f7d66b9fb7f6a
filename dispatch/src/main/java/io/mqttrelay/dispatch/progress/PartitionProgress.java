package io.mqttrelay.dispatch.progress;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The progress of a partition: for each address, by its {@code AddressKey}, which offsets are complete. {@link
 * ProgressCodec} writes it into the commit.
 */
public record PartitionProgress(Map<Long, AddressProgress> addresses) {
    public PartitionProgress {
        addresses = new LinkedHashMap<>(addresses);
    }

    /** Returns progress without any address. */
    public static PartitionProgress none() {
        return new PartitionProgress(Map.of());
    }

    /** Returns the progress of an address; one that is not listed begins at {@code position}. */
    public AddressProgress of(long key, long position) {
        AddressProgress known = addresses.get(key);
        return known == null ? AddressProgress.beginningAt(position) : known;
    }
}
