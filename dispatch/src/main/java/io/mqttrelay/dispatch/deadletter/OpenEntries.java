package io.mqttrelay.dispatch.deadletter;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * The selected open failures: for each the hash of its key, its kind, the time of its death, its id for sorting, and
 * its position in the spill. About 64 bytes each, in arrays of a fixed size, so that a million of them need no more
 * than that. One thread.
 */
final class OpenEntries {
    private static final int CHUNK_BITS = 14;
    private static final int CHUNK = 1 << CHUNK_BITS;
    private static final int FREE = -1;
    private static final int SMALLEST_TABLE = 1 << 10;

    /** Numbers by slot, in chunks: growing copies nothing. */
    private static final class Column {
        private final List<long[]> chunks = new ArrayList<>();

        long get(int slot) {
            return chunks.get(slot >> CHUNK_BITS)[slot & (CHUNK - 1)];
        }

        void set(int slot, long value) {
            if (slot >> CHUNK_BITS == chunks.size()) {
                chunks.add(new long[CHUNK]);
            }
            chunks.get(slot >> CHUNK_BITS)[slot & (CHUNK - 1)] = value;
        }
    }

    private final Column hashes = new Column();
    private final Column kinds = new Column();
    private final Column deadSince = new Column();
    private final Column ids = new Column();
    private final Column idTails = new Column();
    private final Column positions = new Column();

    /** Slots, each plus 1, by the hash of their keys; 0: none. Linear probing. */
    private int[] table = new int[SMALLEST_TABLE];

    private int slots;
    private int size;
    /** The first free slot of a list; each free slot holds the next one as its position. */
    private int free = FREE;

    int size() {
        return size;
    }

    /**
     * Adds an entry, and replaces an earlier one of its key.
     *
     * @param kind 0 or more
     * @param deadAt epoch milliseconds
     * @param id orders entries by their ids
     */
    void put(long hash, int kind, long deadAt, IdOrder id, long position) {
        remove(hash);
        int slot = free;
        if (slot == FREE) {
            slot = slots++;
        } else {
            free = (int) positions.get(slot);
        }
        hashes.set(slot, hash);
        kinds.set(slot, kind);
        deadSince.set(slot, deadAt);
        ids.set(slot, id.head());
        idTails.set(slot, id.tail());
        positions.set(slot, position);
        size++;
        if (size * 2 > table.length) {
            grow();
        } else {
            enter(slot);
        }
    }

    private void enter(int slot) {
        int at = at(hashes.get(slot));
        while (table[at] != 0) {
            at = next(at);
        }
        table[at] = slot + 1;
    }

    private void grow() {
        table = new int[table.length * 2];
        for (int slot = 0; slot < slots; slot++) {
            if (isOpen(slot)) {
                enter(slot);
            }
        }
    }

    private int at(long hash) {
        return (int) (hash ^ (hash >>> 32)) & (table.length - 1);
    }

    private int next(int at) {
        return (at + 1) & (table.length - 1);
    }

    /** Removes the entry of this key, if there is one. */
    void remove(long hash) {
        int at = at(hash);
        while (table[at] != 0 && hashes.get(table[at] - 1) != hash) {
            at = next(at);
        }
        if (table[at] == 0) {
            return;
        }
        int slot = table[at] - 1;
        kinds.set(slot, FREE);
        positions.set(slot, free);
        free = slot;
        size--;
        closeGap(at);
    }

    /** Moves back entries after the gap that are not at their own place only because it was taken. */
    private void closeGap(int removed) {
        int gap = removed;
        for (int at = next(gap); table[at] != 0; at = next(at)) {
            int own = at(hashes.get(table[at] - 1));
            boolean stays = gap <= at ? gap < own && own <= at : gap < own || own <= at;
            if (!stays) {
                table[gap] = table[at];
                gap = at;
            }
        }
        table[gap] = 0;
    }

    private boolean isOpen(int slot) {
        return kinds.get(slot) != FREE;
    }

    int kind(int slot) {
        return (int) kinds.get(slot);
    }

    long position(int slot) {
        return positions.get(slot);
    }

    /** The slots of the entries, the oldest first, {@code limit} at most. */
    int[] oldest(long limit) {
        int[] open = new int[size];
        int count = 0;
        for (int slot = 0; slot < slots; slot++) {
            if (isOpen(slot)) {
                open[count++] = slot;
            }
        }
        sort(open, (a, b) -> {
            int byAge = Long.compare(deadSince.get(a), deadSince.get(b));
            return byAge != 0 ? byAge : byId(a, b);
        });
        return limit < count ? Arrays.copyOf(open, (int) limit) : open;
    }

    /** Sorts slots by their ids, which is the order of arrival. */
    void sortById(int[] some) {
        sort(some, this::byId);
    }

    private int byId(int a, int b) {
        int order = Long.compareUnsigned(ids.get(a), ids.get(b));
        if (order == 0) {
            order = Long.compareUnsigned(idTails.get(a), idTails.get(b));
        }
        return order != 0 ? order : Long.compare(positions.get(a), positions.get(b));
    }

    /**
     * The sort key of an id: its text, as far as 16 bytes tell. An id of the relay is a UUID, and has no more.
     *
     * @param head compared first, as an unsigned number
     * @param tail compared if the heads are equal
     */
    record IdOrder(long head, long tail) {
        static IdOrder of(String id) {
            try {
                UUID uuid = UUID.fromString(id);
                return new IdOrder(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
            } catch (IllegalArgumentException e) {
                ByteBuffer text = ByteBuffer.wrap(Arrays.copyOf(id.getBytes(StandardCharsets.UTF_8), 2 * Long.BYTES));
                return new IdOrder(text.getLong(), text.getLong());
            }
        }
    }

    private interface Order {
        int compare(int a, int b);
    }

    /** Merge sort, stable; needs as much memory again. */
    private static void sort(int[] some, Order order) {
        int[] from = some;
        int[] to = new int[some.length];
        for (int width = 1; width < some.length; width *= 2) {
            for (int low = 0; low < some.length; low += 2 * width) {
                int middle = Math.min(low + width, some.length);
                merge(from, to, low, middle, Math.min(middle + width, some.length), order);
            }
            int[] merged = to;
            to = from;
            from = merged;
        }
        if (from != some) {
            System.arraycopy(from, 0, some, 0, some.length);
        }
    }

    private static void merge(int[] from, int[] to, int low, int middle, int high, Order order) {
        int left = low;
        int right = middle;
        for (int at = low; at < high; at++) {
            boolean takesLeft = left < middle && (right >= high || order.compare(from[left], from[right]) <= 0);
            to[at] = takesLeft ? from[left++] : from[right++];
        }
    }
}
