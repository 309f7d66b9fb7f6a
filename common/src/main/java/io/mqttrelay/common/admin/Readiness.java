package io.mqttrelay.common.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether the process does its job, and if not, why: the sum of what its parts say. Thread-safe. */
public final class Readiness {
    /**
     * Why one part is not ready.
     *
     * @param part as in {@code mqtt plant-1}
     * @param reason one line for people, no secrets
     */
    public record Reason(String part, String reason) {}

    /** One part's own switch. */
    public static final class Part {
        private volatile @Nullable String reason;

        private Part(String reason) {
            this.reason = reason;
        }

        /** Opens it. */
        public void ready() {
            reason = null;
        }

        /** Closes it, with {@code why} as one line for people, without secrets. */
        public void notReady(String why) {
            reason = why;
        }
    }

    private record Watched(String part, Supplier<@Nullable String> reason) {}

    private final List<Watched> watched = new CopyOnWriteArrayList<>();

    /**
     * A part that says itself when it changes.
     *
     * @param reason why it is not ready at the beginning
     */
    public Part part(String name, String reason) {
        Part part = new Part(reason);
        watch(name, () -> part.reason);
        return part;
    }

    /**
     * A part that is asked each time.
     *
     * @param reason gives null when the part is ready; called on any thread, must not block
     */
    public void watch(String name, Supplier<@Nullable String> reason) {
        watched.add(new Watched(name, reason));
    }

    /** A part that was watched is not there any more. */
    public void forget(String part) {
        watched.removeIf(each -> each.part().equals(part));
    }

    /** Empty: ready. */
    public List<Reason> reasons() {
        List<Reason> reasons = new ArrayList<>();
        for (Watched each : watched) {
            String reason = each.reason().get();
            if (reason != null) {
                reasons.add(new Reason(each.part(), reason));
            }
        }
        return reasons;
    }
}
