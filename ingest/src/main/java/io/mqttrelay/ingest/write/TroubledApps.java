package io.mqttrelay.ingest.write;

import io.mqttrelay.common.thread.CalledOn;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The apps whose topics could not be created, with the time of their next retry: after 500 ms, then doubled each
 * time, at most 5 s.
 */
@CalledOn("ingest-topics")
final class TroubledApps {
    private static final long FIRST = Duration.ofMillis(500).toNanos();
    private static final long LONGEST = Duration.ofSeconds(5).toNanos();

    private static final class Wait {
        long due;
        long length = FIRST;
        boolean atOnce;

        boolean isDue(long now) {
            return atOnce || now - due >= 0;
        }
    }

    private final Map<String, Wait> waits = new LinkedHashMap<>();

    boolean has(String app) {
        return waits.containsKey(app);
    }

    /** Records a failure, the first or a further one. */
    void add(String app, long now) {
        Wait wait = waits.remove(app);
        if (wait == null) {
            wait = new Wait();
        } else {
            wait.length = Math.min(LONGEST, wait.length * 2);
        }
        wait.atOnce = false;
        wait.due = now + wait.length;
        waits.put(app, wait); // last in the map, so that each app gets its turn
    }

    /** Makes the app due as soon as it has its turn. */
    void atOnce(String app) {
        Wait wait = waits.get(app);
        if (wait != null) {
            wait.atOnce = true;
        }
    }

    void remove(String app) {
        waits.remove(app);
    }

    boolean isDue(long now) {
        return next(now) != null;
    }

    /** The next app to retry; null: none is due. */
    @Nullable
    String next(long now) {
        for (Map.Entry<String, Wait> each : waits.entrySet()) {
            if (each.getValue().isDue(now)) {
                return each.getKey();
            }
        }
        return null;
    }
}
