package io.mqttrelay.common.topic;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The apps whose topics cannot be used, with the time of their next retry: after 500 ms, then doubled each time, up to
 * a limit. Confined to one thread.
 */
final class TroubledApps {
    private static final long FIRST = Duration.ofMillis(500).toNanos();

    private static final class Wait {
        long due;
        long length = FIRST;
    }

    private final long longest;
    private final Map<String, Wait> waits = new LinkedHashMap<>();

    TroubledApps(Duration longest) {
        this.longest = longest.toNanos();
    }

    boolean isEmpty() {
        return waits.isEmpty();
    }

    boolean has(String app) {
        return waits.containsKey(app);
    }

    /** Records a failure, the first or a further one. */
    void add(String app, long now) {
        Wait wait = waits.remove(app);
        if (wait == null) {
            wait = new Wait();
        } else {
            wait.length = Math.min(longest, wait.length * 2);
        }
        wait.due = now + wait.length;
        waits.put(app, wait); // last in the map, so that each app gets its turn
    }

    /** Adds an app that is retried after the longest wait. */
    void refused(String app, long now) {
        Wait wait = new Wait();
        wait.length = longest;
        wait.due = now + longest;
        waits.remove(app);
        waits.put(app, wait);
    }

    void retain(Predicate<String> wanted) {
        waits.keySet().removeIf(wanted.negate());
    }

    void remove(String app) {
        waits.remove(app);
    }

    /** The next app to retry; null: none is due. */
    @Nullable
    String next(long now) {
        for (Map.Entry<String, Wait> each : waits.entrySet()) {
            if (now - each.getValue().due >= 0) {
                return each.getKey();
            }
        }
        return null;
    }
}
