package io.mqttrelay.dispatch.consume;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The progress of a partition: for each address, by its {@link AddressKey}, which offsets are complete. {@link
 * ProgressCodec} writes it into the commit.
 */
record Progress(Map<Long, AddressProgress> addresses) {
    Progress {
        addresses = new LinkedHashMap<>(addresses);
    }

    /** Returns progress without any address. */
    static Progress none() {
        return new Progress(Map.of());
    }

    /** Returns the progress of an address; one that is not listed begins at {@code position}. */
    AddressProgress of(long key, long position) {
        AddressProgress known = addresses.get(key);
        return known == null ? AddressProgress.beginningAt(position) : known;
    }
}
