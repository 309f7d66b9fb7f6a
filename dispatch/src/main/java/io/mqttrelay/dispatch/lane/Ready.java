package io.mqttrelay.dispatch.lane;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Lanes of one address whose first delivery could go out. Guarded by the lock of {@link Lanes}. */
interface Ready {
    void addLast(Lane lane);

    /** A lane that is in here has got one more. */
    void grew(Lane lane);

    /** Whether one may go out now. */
    boolean any();

    /** Takes the lane whose turn it is; null: there is not {@link #any}. */
    @Nullable
    Lane pollFirst();

    void removeIf(Predicate<Lane> gone);
}
