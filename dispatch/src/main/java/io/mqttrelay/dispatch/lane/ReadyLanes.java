package io.mqttrelay.dispatch.lane;

import java.util.ArrayDeque;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Lanes of one address whose first delivery may go out: those ready for longest come first, and live ones before those
 * that may be {@link Queued#later}, of which every fourth start is one nevertheless. Guarded by the lock of {@link Lanes}.
 */
final class ReadyLanes {
    private static final int LIVE_BETWEEN = 3;

    private final ArrayDeque<Lane> live = new ArrayDeque<>();
    private final ArrayDeque<Lane> later = new ArrayDeque<>();
    private int liveInRow;

    void addLast(Lane lane) {
        (lane.later ? later : live).addLast(lane);
    }

    boolean isEmpty() {
        return live.isEmpty() && later.isEmpty();
    }

    @Nullable
    Lane pollFirst() {
        if (later.isEmpty()) {
            liveInRow = 0;
            return live.pollFirst();
        }
        if (live.isEmpty() || liveInRow == LIVE_BETWEEN) {
            liveInRow = 0;
            return later.pollFirst();
        }
        liveInRow++;
        return live.pollFirst();
    }

    void removeIf(Predicate<Lane> gone) {
        live.removeIf(gone);
        later.removeIf(gone);
    }
}
