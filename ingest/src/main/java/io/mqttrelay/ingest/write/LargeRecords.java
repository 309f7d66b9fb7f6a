package io.mqttrelay.ingest.write;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits the large records of all apps that Kafka's client sends at a time. A large record takes memory, and waits
 * behind all large records that the client has begun to send to the same broker.
 *
 * <p>Apps take turns: an app whose record was rejected comes before all apps that ask later. One record is always
 * sent, of any size. A record that the client has had for {@link #STUCK} is stuck: its partition takes nothing. A
 * stuck record no longer delays other apps, but still takes memory. An app takes at most half of the free memory.
 * Any thread; the lock is held for a few instructions.
 */
final class LargeRecords {
    /** Minimum bytes of a large record. */
    private static final long SMALLEST = 256 * 1024;

    static final long STUCK = Duration.ofSeconds(2).toNanos();

    /**
     * A waiting app asks again at each tick of the writer. An app that has not asked for this time has lost its
     * turn.
     */
    static final long TURN_ENDS = Duration.ofMillis(250).toNanos();

    private static final int STUCK_PART = 2;

    /** A record that Kafka's client has. */
    private record Entry(SendWindow app, long bytes, long since) {}

    private final long limit;
    private final long memory;
    private final LongSupplier nanoTime;
    private final List<Entry> entries = new ArrayList<>();

    /** The time of the last request of each waiting app, in the order of their turns. */
    private final Map<SendWindow, Long> turns = new LinkedHashMap<>();

    /** @param limit bytes that are sent at a time; stuck records may take twice as many in addition */
    LargeRecords(long limit, LongSupplier nanoTime) {
        this.limit = limit;
        this.memory = limit + STUCK_PART * limit;
        this.nanoTime = nanoTime;
    }

    /** Whether a group of {@code bytes} is one large record; {@code batchSize} is the limit of a batch. */
    static boolean isLarge(long bytes, int batchSize) {
        return bytes >= SMALLEST && bytes > batchSize;
    }

    /** Admits a record of this app; false: there is no memory now, or another app comes first. */
    synchronized boolean enter(SendWindow app, long bytes) {
        long now = nanoTime.getAsLong();
        if (!hasMemory(app, bytes)) {
            turns.remove(app);
            return false;
        }
        turns.values().removeIf(asked -> now - asked > TURN_ENDS);
        if (!isFirst(app) || !isSendable(bytes, now)) {
            turns.put(app, now);
            return false;
        }
        turns.remove(app);
        entries.add(new Entry(app, bytes, now));
        return true;
    }

    private boolean hasMemory(SendWindow app, long bytes) {
        long all = 0;
        long mine = 0;
        for (Entry entry : entries) {
            all += entry.bytes;
            mine += entry.app == app ? entry.bytes : 0;
        }
        return all == 0 || (all + bytes <= memory && (mine == 0 || mine + bytes <= (memory - all + mine) / 2));
    }

    private boolean isFirst(SendWindow app) {
        return turns.isEmpty() || turns.keySet().iterator().next() == app;
    }

    private boolean isSendable(long bytes, long now) {
        long sent = 0;
        for (Entry entry : entries) {
            sent += now - entry.since < STUCK ? entry.bytes : 0;
        }
        return sent == 0 || sent + bytes <= limit;
    }

    /**
     * Removes a record that has ended.
     *
     * @return the window of the app whose turn it is; null: no app waits
     */
    synchronized @Nullable SendWindow left(SendWindow app, long bytes) {
        for (Iterator<Entry> each = entries.iterator(); each.hasNext(); ) {
            Entry entry = each.next();
            if (entry.app == app && entry.bytes == bytes) {
                each.remove();
                break;
            }
        }
        return turns.isEmpty() ? null : turns.keySet().iterator().next();
    }
}
