package io.mqttrelay.dispatch.lane;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Lanes of one address whose first delivery could go out. Guarded by the lock of {@link Lanes}. */
interface Ready {
    void addLast(Lane lane);

    /** Notes that a lane in here has one more delivery. */
    void grew(Lane lane);

    /** Whether a lane may go out now. */
    boolean any();

    /** Takes the next lane in turn; null: there is not {@link #any}. */
    @Nullable
    Lane pollFirst();

    void removeIf(Predicate<Lane> gone);
}
