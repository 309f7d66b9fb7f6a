package io.mqttrelay.dispatch.position;

import io.mqttrelay.dispatch.window.AddressWindow;
import java.util.LinkedHashSet;
import java.util.Set;

/** Checks that the assignments of a dispatcher keep its memory bounds. One thread. */
public final class InMemory {
    private final long maxBytes;
    private final int maxWindow;
    private final Set<Assignment> seen = new LinkedHashSet<>();

    /** @param maxBytes of all messages, including the records of one poll */
    public InMemory(long maxBytes, int maxWindow) {
        this.maxBytes = maxBytes;
        this.maxWindow = maxWindow;
    }

    /** Notes that a record of this assignment was handed over. */
    public void reads(Assignment assignment) {
        seen.add(assignment);
    }

    /** Checks all deliveries in memory. */
    public void check() {
        seen.removeIf(assignment -> !assignment.isCurrent());
        for (Assignment assignment : seen) {
            for (Cursor cursor : assignment.allCursors()) {
                if (cursor.open() > maxWindow) {
                    throw new AssertionError(cursor + " has " + cursor.open() + " deliveries in memory");
                }
            }
        }
        if (bytes() > maxBytes) {
            throw new AssertionError(bytes() + " bytes are in memory, and not " + maxBytes + " at most: " + this);
        }
    }

    /** Bytes that the addresses of all assignments hold. */
    public long bytes() {
        Set<AddressWindow> windows = new LinkedHashSet<>();
        for (Assignment assignment : seen) {
            assignment.allCursors().forEach(cursor -> windows.add(cursor.window()));
        }
        return windows.stream().mapToLong(window -> window.memory().bytes()).sum();
    }

    /** Whether no attempt of any assignment is in flight. */
    public boolean isQuiet() {
        return seen.stream().allMatch(InMemory::isQuiet);
    }

    /** Whether no attempt of this assignment is in flight. */
    public static boolean isQuiet(Assignment assignment) {
        try {
            return assignment.awaitQuiet(0);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Assignment assignment : seen) {
            text.append(assignment).append(assignment.isCurrent() ? " next " : " ended, next ");
            text.append(assignment.next()).append(' ').append(assignment.paused());
            for (Cursor cursor : assignment.allCursors()) {
                text.append(", ").append(cursor.window()).append(cursor.isInStep() ? " in step" : " behind at ");
                text.append(cursor.first(assignment.next())).append(" open ").append(cursor.open());
                text.append(" bytes ").append(cursor.window().memory().bytes());
                text.append(" blocked ").append(cursor.lanes());
            }
            text.append("; ");
        }
        return text.toString();
    }
}
