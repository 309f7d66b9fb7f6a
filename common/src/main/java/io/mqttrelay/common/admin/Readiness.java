package io.mqttrelay.common.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The readiness of the process, collected from its parts. A <em>needed</em> part, such as Kafka, makes the process
 * not ready. A <em>degrading</em> part, such as one route, address or app, fails alone: it is listed, and the process
 * stays ready for all others. Thread-safe.
 */
public final class Readiness {
    private static final Logger log = LogManager.getLogger(Readiness.class);

    /**
     * The reason why one part does not work.
     *
     * @param part such as {@code mqtt plant-1}
     * @param reason one line for the operator, without secrets
     */
    public record Reason(String part, String reason) {}

    /** The switch of one part. */
    public static final class Part {
        private volatile @Nullable String reason;

        private Part(@Nullable String reason) {
            this.reason = reason;
        }

        /** Marks the part as ready. */
        public void ready() {
            reason = null;
        }

        /** Marks the part as not ready; {@code why} is one line for the operator, without secrets. */
        public void notReady(String why) {
            reason = why;
        }
    }

    private record Watched(String part, Supplier<@Nullable String> reason) {}

    private final List<Watched> needed = new CopyOnWriteArrayList<>();
    private final List<Watched> degrading = new CopyOnWriteArrayList<>();
    private final List<Supplier<List<Reason>>> degradingLists = new CopyOnWriteArrayList<>();

    /**
     * Adds a needed part that reports its own changes.
     *
     * @param reason why it is not ready at the beginning
     */
    public Part part(String name, String reason) {
        Part part = new Part(reason);
        watch(name, () -> part.reason);
        return part;
    }

    /** Adds a degrading part that reports its own changes. It works at the beginning. */
    public Part degrading(String name) {
        Part part = new Part(null);
        watchDegrading(name, () -> part.reason);
        return part;
    }

    /**
     * Adds a needed part whose state is read at each request.
     *
     * @param reason gives null when the part is ready; called on any thread, must not block
     */
    public void watch(String name, Supplier<@Nullable String> reason) {
        needed.add(new Watched(name, reason));
    }

    /**
     * Adds a degrading part whose state is read at each request.
     *
     * @param reason gives null when the part works; called on any thread, must not block
     */
    public void watchDegrading(String name, Supplier<@Nullable String> reason) {
        degrading.add(new Watched(name, reason));
    }

    /**
     * Adds a varying set of degrading parts, read at each request.
     *
     * @param reasons gives one entry for each part that does not work; called on any thread, must not block
     */
    public void watchDegrading(Supplier<List<Reason>> reasons) {
        degradingLists.add(reasons);
    }

    /** Removes a part that was watched by name. */
    public void forget(String part) {
        needed.removeIf(each -> each.part().equals(part));
        degrading.removeIf(each -> each.part().equals(part));
    }

    /** The reasons why the process is not ready; empty: it is ready. */
    public List<Reason> reasons() {
        return reasons(needed);
    }

    /** The degrading parts that do not work. They do not affect the readiness of the process. */
    public List<Reason> degraded() {
        List<Reason> degraded = reasons(degrading);
        for (Supplier<List<Reason>> each : degradingLists) {
            try {
                degraded.addAll(each.get());
            } catch (RuntimeException e) {
                degraded.add(unreadable("readiness", e));
            }
        }
        return degraded;
    }

    private static List<Reason> reasons(List<Watched> watched) {
        List<Reason> reasons = new ArrayList<>();
        for (Watched each : watched) {
            try {
                String reason = each.reason().get();
                if (reason != null) {
                    reasons.add(new Reason(each.part(), reason));
                }
            } catch (RuntimeException e) {
                reasons.add(unreadable(each.part(), e));
            }
        }
        return reasons;
    }

    /** Reports a part whose state cannot be read, so that the other parts are still shown. */
    private static Reason unreadable(String part, RuntimeException e) {
        log.error("readiness of {} cannot be read, a defect of the relay", part, e);
        return new Reason(part, "its state cannot be read, see the log");
    }
}
