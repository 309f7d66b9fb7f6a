package io.mqttrelay.dispatch.position;

import org.jspecify.annotations.Nullable;

/**
 * One record as read by the group consumer or by a catch-up scan: for some of its addresses, not for those that the
 * other reader feeds. Consumer thread.
 */
public final class RecordContext {
    private final Assignment assignment;
    private final @Nullable CatchUpScan scan;
    private final OffsetState.Found record;

    /** @param scan null: the group consumer reads */
    public RecordContext(Assignment assignment, @Nullable CatchUpScan scan, long offset, long timestamp, int bytes) {
        this.assignment = assignment;
        this.scan = scan;
        this.record = new OffsetState.Found(offset, timestamp, bytes);
    }

    public Assignment assignment() {
        return assignment;
    }

    /**
     * Takes the record for an address; the caller must deliver it. At most one call for each address that the record
     * goes to.
     *
     * @param address its {@code AddressKey}
     * @param orderKey of the lane that may be blocked; null: the record is in none
     * @return null: the record is not for this address now, since the address has it already, the other reader brings
     *     it, or its lane is blocked
     */
    public @Nullable OffsetState take(long address, @Nullable String orderKey) {
        return takeFor(assignment.cursor(address), orderKey);
    }

    /**
     * Takes a record that goes to no address; the caller must store it as a dead letter.
     *
     * @return null: the record was taken already, or the other reader brings it
     */
    public @Nullable OffsetState takeUnroutable() {
        return takeFor(assignment.unroutable(), null);
    }

    private @Nullable OffsetState takeFor(@Nullable Cursor cursor, @Nullable String orderKey) {
        if (cursor == null) {
            return null;
        }
        long offset = record.offset();
        boolean ofCursor = scan == null ? cursor.isInStep() : scan.readsFor(cursor, offset);
        if (ofCursor && !cursor.isServed()) {
            cursor.fallBehind(offset); // its backlog begins here
            return null;
        }
        BlockedLane blocked = cursor.lanes().find(orderKey);
        if (blocked == null || offset < blocked.from()) {
            return ofCursor ? cursor.load(record, orderKey) : null;
        }
        if (scan != null && scan.readsFor(cursor.lanes(), blocked, offset, ofCursor)) {
            return cursor.load(record, orderKey, blocked, !ofCursor);
        }
        if (ofCursor) {
            cursor.skip(record, blocked);
        }
        return null;
    }
}
