package io.mqttrelay.common.topic;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The apps whose topics are requested, in the order of their requests. An app waits at most once. Any thread. */
final class WantedApps {
    private final BlockingQueue<String> queue = new LinkedBlockingQueue<>();
    /** The apps in the queue. An app is removed after its entry, so an app that is asked for again is not missed. */
    private final Set<String> queued = ConcurrentHashMap.newKeySet();

    void add(String app) {
        if (queued.add(app)) {
            queue.add(app);
        }
    }

    /** Removes the first apps, at most {@code most}; waits for the first one at most {@code millis}. */
    Set<String> take(int most, long millis) throws InterruptedException {
        Set<String> apps = new LinkedHashSet<>();
        for (String app = queue.poll(millis, TimeUnit.MILLISECONDS); app != null; app = next(apps, most)) {
            queued.remove(app);
            apps.add(app);
        }
        return apps;
    }

    private @Nullable String next(Set<String> apps, int most) {
        return apps.size() < most ? queue.poll() : null;
    }
}
