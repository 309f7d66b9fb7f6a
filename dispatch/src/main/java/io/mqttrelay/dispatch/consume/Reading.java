package io.mqttrelay.dispatch.consume;

import org.jspecify.annotations.Nullable;

/** One record as one reader finds it: for some of its addresses, not for those that another reader feeds. Consumer thread. */
public final class Reading {
    private final Assignment assignment;
    private final @Nullable Pass pass;
    private final long offset;
    private final long timestamp;
    private final int bytes;

    /** @param pass null: the group's consumer reads */
    Reading(Assignment assignment, @Nullable Pass pass, long offset, long timestamp, int bytes) {
        this.assignment = assignment;
        this.pass = pass;
        this.offset = offset;
        this.timestamp = timestamp;
        this.bytes = bytes;
    }

    public Assignment assignment() {
        return assignment;
    }

    /**
     * Takes the record for an address: whoever does, sees to its delivery. At most once for each that the record goes to.
     *
     * @param address its {@link AddressKey}, {@link AddressKey#NOBODY} for a record without any
     * @return null: it is not for this address now, since it has got it already or another reader brings it
     */
    public @Nullable Receipt take(long address) {
        Cursor cursor = assignment.cursor(address);
        if (cursor == null || !(pass == null ? cursor.isInStep() : pass.readsFor(cursor, offset))) {
            return null;
        }
        if (!cursor.window().isServed()) {
            cursor.fallBehind(offset); // its backlog begins here
            return null;
        }
        return cursor.load(offset, timestamp, bytes);
    }
}
