package io.mqttrelay.dispatch.lane;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Closes all lanes while Kafka has not confirmed that this dispatcher owns the partitions, and opens them when it has.
 * It checks once in a while, however many deliveries are ready. Any thread.
 */
public final class LeaseHold {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    /** Runs a task later, unless the process ends before. */
    public interface Later {
        void after(Duration wait, Runnable task);
    }

    private final BooleanSupplier fresh;
    private final Consumer<Boolean> closed;
    private final Later later;
    private final AtomicBoolean stale = new AtomicBoolean();

    /**
     * @param fresh false: another dispatcher may own the partitions by now
     * @param closed told whether deliveries must not begin, or may begin again
     */
    public LeaseHold(BooleanSupplier fresh, Consumer<Boolean> closed, Later later) {
        this.fresh = fresh;
        this.closed = closed;
        this.later = later;
    }

    /** Whether a delivery may begin now; if not, all lanes are closed until it may. */
    public boolean mayBegin() {
        if (fresh.getAsBoolean()) {
            return true;
        }
        if (stale.compareAndSet(false, true)) {
            closed.accept(true);
            lookLater();
        }
        return false;
    }

    private void lookLater() {
        later.after(BETWEEN_LOOKS, () -> {
            if (fresh.getAsBoolean()) {
                stale.set(false);
                closed.accept(false);
            } else {
                lookLater();
            }
        });
    }
}
