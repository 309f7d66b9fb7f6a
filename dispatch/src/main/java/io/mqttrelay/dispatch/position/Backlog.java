package io.mqttrelay.dispatch.position;

import io.mqttrelay.dispatch.progress.Run;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;

/**
 * The unread offsets of one address: ranges in ascending order, and everything from the tail on. A range may include
 * records of other routes, never one that the address has got. It is read from the front. Consumer thread.
 */
final class Backlog {
    private final ArrayDeque<Run> runs;
    private long tail;

    Backlog(Collection<Run> runs, long tail) {
        this.runs = new ArrayDeque<>(runs);
        this.tail = tail;
    }

    /** The first unread offset. */
    long first() {
        Run head = runs.peekFirst();
        return head == null ? tail : head.first();
    }

    /**
     * Removes everything before this offset: it was read, or deleted.
     *
     * @return whether a range ended with that: the next unread offset does not follow the last read one
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

    /** Whether this offset is unread; everything before it was removed. */
    boolean contains(long offset) {
        Run head = runs.peekFirst();
        return offset >= tail || (head != null && head.contains(offset));
    }

    /** Unread offsets before {@code end}. */
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
