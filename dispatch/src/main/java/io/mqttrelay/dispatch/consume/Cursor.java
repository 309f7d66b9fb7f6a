package io.mqttrelay.dispatch.consume;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far one address has got in one partition: what of it is in memory, and what is still to be read for it. In step, it is
 * fed by the group's consumer; behind, by catch-up passes, until nothing is unread before what the consumer reads next.
 *
 * <p>Belongs to the consumer thread, but for {@link #freed} and what it counts.
 */
final class Cursor {
    private final Assignment assignment;
    private final AddressWindow window;
    private final OffsetTracker loaded = new OffsetTracker();
    private final Map<Long, Integer> attempts;

    /** Null: in step. */
    private @Nullable Unread unread;

    private long place;
    /** Of about the first record that is unread; 0: not known. */
    private long unreadTimestamp;

    // what the watchdog saw last
    private long stalledAt = -1;
    private long stalledSince;

    private int open; // guarded by this
    private long bytes; // guarded by this
    private boolean ended; // guarded by this

    /** Begins with what the commit says: all of it is unread. */
    Cursor(Assignment assignment, AddressWindow window, AddressProgress progress) {
        this.assignment = assignment;
        this.window = window;
        this.attempts = new HashMap<>(progress.attempts());
        this.unread = new Unread(progress.open(), progress.tail());
        window.fellBehind();
    }

    Assignment assignment() {
        return assignment;
    }

    AddressWindow window() {
        return window;
    }

    boolean isInStep() {
        return unread == null;
    }

    /** Falls into step, if nothing is unread before what the consumer reads next. */
    void meet(long next) {
        // the tail of one that another dispatcher served may lie farther on
        if (unread != null && unread.first() >= next && unread.tail() <= next) {
            unread = null;
            attempts.clear();
            window.met();
        }
    }

    /** The first offset to be read for it by a catch-up pass. */
    long first(long next) {
        return unread == null ? next : unread.first();
    }

    /** Whether what it wants begins where nobody has read yet: only the group's consumer can take it farther. */
    boolean isAhead(long next) {
        return unread != null && unread.first() >= next && unread.tail() > next;
    }

    /** Whether a catch-up pass that is at this offset is to deliver what it finds there. */
    boolean wants(long offset) {
        return unread != null && unread.contains(offset);
    }

    /** A catch-up pass has been through everything before this offset. */
    void readUpTo(long offset) {
        if (unread != null && unread.upTo(offset)) {
            place++;
        }
    }

    /** Its delivery of this record is in memory from now on. */
    Receipt load(long offset, long timestamp, int size) {
        Integer before = attempts.isEmpty() ? null : attempts.remove(offset);
        Receipt receipt = new Receipt(this, offset, timestamp, size, place++, before == null ? 0 : before);
        loaded.received(receipt);
        unreadTimestamp = timestamp;
        synchronized (this) {
            open++;
            bytes += size;
            window.memory().hold(size);
        }
        return receipt;
    }

    /** The others go on without it. What has been dropped from memory is unread again, like all from {@code next} on. */
    void fallBehind(long next) {
        unread = new Unread(dropUnloaded().runs(), next);
        place++;
        window.fellBehind();
    }

    /** The same of one that may be behind already. */
    void takeBack(long next) {
        Unread before = unread;
        if (before == null) {
            fallBehind(next);
        } else {
            unread = new Unread(dropUnloaded().mergedWith(before.runs()), before.tail());
            place++;
        }
    }

    private OpenRuns dropUnloaded() {
        OpenRuns dropped = new OpenRuns();
        List<Receipt> receipts = loaded.dropUnloaded();
        if (!receipts.isEmpty()) {
            unreadTimestamp = receipts.get(0).timestamp();
        }
        for (Receipt receipt : receipts) {
            dropped.add(receipt);
            if (receipt.attempts() > 0) {
                attempts.put(receipt.offset(), receipt.attempts());
            }
        }
        return dropped;
    }

    /**
     * Kafka has nothing before this offset any more.
     *
     * @return how many offsets were deleted unread
     */
    long lost(long beginning) {
        long lost = unread == null ? 0 : unread.count(beginning);
        attempts.keySet().removeIf(offset -> offset < beginning);
        readUpTo(beginning);
        return lost;
    }

    /** Ends when nobody knows its address any more, and Kafka has nothing more of what it had seen; whether it did. */
    boolean endsLeftBehind(long beginning) {
        boolean left = !window.isConfigured() && unread != null && unread.tail() <= beginning && open() == 0;
        if (left) {
            end();
        }
        return left;
    }

    /** A delivery that was in memory is not any more. Any thread. */
    synchronized void freed(int size) {
        open--;
        if (!ended) {
            bytes -= size;
            window.memory().release(size);
        }
    }

    /** What it holds in memory is the garbage collector's. */
    void end() {
        if (unread != null) {
            window.met();
        }
        synchronized (this) {
            ended = true;
            window.memory().release(bytes);
            bytes = 0;
        }
    }

    /** Deliveries in memory. */
    synchronized int open() {
        return open;
    }

    /** Offsets that are to be read for it, among them those of other routes' records. */
    long unreadBefore(long next) {
        return unread == null ? 0 : unread.count(next);
    }

    /** Of the first record that it has not got, about; 0: not known, or it has got all that was read. */
    long oldestTimestamp(long next) {
        Receipt oldest = loaded.oldest();
        if (oldest != null && oldest.offset() < first(next)) {
            return oldest.timestamp();
        }
        return unreadBefore(next) > 0 ? unreadTimestamp : 0;
    }

    /**
     * For how long it could have read on and has not.
     *
     * @param nowMillis a monotonic clock
     */
    long stalledMillis(boolean couldRead, long next, long nowMillis) {
        long first = first(next);
        if (!couldRead || first != stalledAt) {
            stalledAt = first;
            stalledSince = nowMillis;
        }
        return nowMillis - stalledSince;
    }

    /** The first offset that it has not got, or that is not read yet. */
    long position(long next) {
        Receipt oldest = loaded.oldest();
        long first = first(next);
        return oldest == null ? first : Math.min(first, oldest.offset());
    }

    AddressProgress progress(long next) {
        OpenRuns open = new OpenRuns();
        Map<Long, Integer> tried = new HashMap<>(attempts);
        loaded.forEachOpen(receipt -> {
            open.add(receipt);
            if (receipt.attempts() > 0) {
                tried.put(receipt.offset(), receipt.attempts());
            }
        });
        return unread == null
                ? new AddressProgress(open.runs(), next, tried)
                : new AddressProgress(open.mergedWith(unread.runs()), unread.tail(), tried);
    }

    @Override
    public String toString() {
        return window + " in " + assignment;
    }
}
