package io.mqttrelay.dispatch.consume;

/**
 * One delivery of a record that is in memory and not yet done. The consumer thread makes it; whichever thread makes the
 * delivery durable says so here.
 */
public final class Receipt {
    private static final int LOADED = 0;
    private static final int DONE = 1;
    private static final int UNLOADED = 2;

    private final Cursor cursor;
    private final long offset;
    private final long timestamp;
    private final int bytes;
    private final long place;

    private volatile int state = LOADED;
    private volatile int attempts;

    /**
     * @param place among all that was read for the address: of two neighbours there is nothing in between that it has got
     * @param attempts made before the record was read
     */
    Receipt(Cursor cursor, long offset, long timestamp, int bytes, long place, int attempts) {
        this.cursor = cursor;
        this.offset = offset;
        this.timestamp = timestamp;
        this.bytes = bytes;
        this.place = place;
        this.attempts = attempts;
    }

    /** Where the record came from, and whether it still is this dispatcher's to deliver. */
    public Assignment assignment() {
        return cursor.assignment();
    }

    /** Attempts made so far that count, also by dispatchers that had the partition before. */
    public int attempts() {
        return attempts;
    }

    /** So many attempts that count were made so far, and it is tried again. Any thread, one at a time. */
    public void attempted(int soFar) {
        attempts = soFar;
    }

    /** The delivery is durable. Any thread, once. */
    public void done() {
        end(DONE);
    }

    /** The delivery was not begun, and is dropped from memory: it will be read again. Consumer thread. */
    public void unload() {
        end(UNLOADED);
    }

    private void end(int how) {
        if (state != LOADED) {
            throw new IllegalStateException("a delivery of " + assignment() + "@" + offset + " ended twice");
        }
        state = how;
        cursor.freed(bytes);
    }

    boolean isLoaded() {
        return state == LOADED;
    }

    boolean isUnloaded() {
        return state == UNLOADED;
    }

    long offset() {
        return offset;
    }

    long timestamp() {
        return timestamp;
    }

    long place() {
        return place;
    }
}
