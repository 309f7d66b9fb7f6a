package io.mqttrelay.dispatch.consume;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;

/**
 * Offsets that have still to be read for one address: runs in ascending order, and all from the tail on. A run may span
 * records of other routes, never one that the address has got. It is read from the front. Confined to the consumer thread.
 */
final class Unread {
    private final ArrayDeque<Run> runs;
    private long tail;

    Unread(Collection<Run> runs, long tail) {
        this.runs = new ArrayDeque<>(runs);
        this.tail = tail;
    }

    /** The first offset to be read. */
    long first() {
        Run head = runs.peekFirst();
        return head == null ? tail : head.first();
    }

    /**
     * Everything before this offset is read, or gone.
     *
     * @return whether a run ended with that: what follows is not the neighbour of what was read
     */
    boolean upTo(long offset) {
        boolean ended = false;
        for (Run head = runs.peekFirst(); head != null && head.first() < offset; head = runs.peekFirst()) {
            runs.removeFirst();
            if (head.last() >= offset) {
                runs.addFirst(new Run(offset, head.last()));
                return ended;
            }
            ended = true;
        }
        tail = Math.max(tail, offset);
        return ended;
    }

    /** Whether this offset is to be read; everything before it is. */
    boolean contains(long offset) {
        Run head = runs.peekFirst();
        return offset >= tail || (head != null && head.contains(offset));
    }

    /** How many offsets before {@code end} there are. */
    long count(long end) {
        long count = Math.max(0, end - tail);
        for (Run run : runs) {
            count += Math.max(0, Math.min(run.last() + 1, end) - run.first());
        }
        return count;
    }

    List<Run> runs() {
        return List.copyOf(runs);
    }

    long tail() {
        return tail;
    }
}
