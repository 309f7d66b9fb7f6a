package io.mqttrelay.dispatch.lane;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A queue of two parts: live elements go before those that may be {@link Queued#later}, except that every fourth is one
 * of these. Within a part, the element that waits longest is first. Guarded by the lock of {@link Lanes}.
 */
final class LiveFirst<T> {
    private static final int LIVE_BETWEEN = 3;

    private final ArrayDeque<T> live = new ArrayDeque<>();
    private final ArrayDeque<T> later = new ArrayDeque<>();
    private int liveInRow;

    void addLast(T element, boolean mayBeLater) {
        of(mayBeLater).addLast(element);
    }

    void addFirst(T element, boolean mayBeLater) {
        of(mayBeLater).addFirst(element);
    }

    boolean isEmpty() {
        return live.isEmpty() && later.isEmpty();
    }

    boolean hasLive() {
        return !live.isEmpty();
    }

    int size() {
        return live.size() + later.size();
    }

    @Nullable
    T pollFirst() {
        boolean takesLater = !later.isEmpty() && (live.isEmpty() || liveInRow == LIVE_BETWEEN);
        liveInRow = takesLater || later.isEmpty() ? 0 : liveInRow + 1;
        return pollFirst(takesLater);
    }

    /** Takes the first element of one part. */
    @Nullable
    T pollFirst(boolean ofLater) {
        return of(ofLater).pollFirst();
    }

    void removeIf(Predicate<T> gone) {
        live.removeIf(gone);
        later.removeIf(gone);
    }

    void forEach(Consumer<T> each) {
        live.forEach(each);
        later.forEach(each);
    }

    private ArrayDeque<T> of(boolean ofLater) {
        return ofLater ? later : live;
    }
}
