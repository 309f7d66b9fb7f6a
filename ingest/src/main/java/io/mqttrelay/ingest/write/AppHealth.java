package io.mqttrelay.ingest.write;

import io.mqttrelay.common.thread.CalledOn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** The state of all apps' queues at the last check. {@code ingest-writer} checks; any thread reads. */
final class AppHealth {
    /** A send that is longer in flight is reported to the operator. */
    private static final Duration STUCK = Duration.ofSeconds(10);

    private static final int MOST_ALONE = 3;

    private static final Logger LOG = LogManager.getLogger(AppHealth.class);

    private volatile List<String> problems = List.of("waiting for Kafka");
    private volatile long oldestNanos;
    private volatile int inFlight;
    private boolean troubled;

    /** Why some messages are not stored at once, a line each; empty: all are. */
    List<String> problems() {
        return problems;
    }

    /** How long the oldest send has been in flight, nanoseconds. */
    long oldestNanos() {
        return oldestNanos;
    }

    /** The number of sends in flight. */
    int inFlight() {
        return inFlight;
    }

    /** Checks all queues and logs the changes. */
    @CalledOn("ingest-writer")
    void look(Collection<AppQueue> apps) {
        int under = 0;
        long oldest = 0;
        List<String> found = new ArrayList<>();
        for (AppQueue app : apps) {
            long age = app.age();
            oldest = Math.max(oldest, age);
            under += app.inFlight();
            describe(app, age, found);
        }
        oldestNanos = oldest;
        inFlight = under;
        tell(found);
    }

    private static void describe(AppQueue app, long age, List<String> found) {
        String problem = app.problem();
        if (problem != null) {
            found.add("app " + app.appId() + ": " + problem);
        } else if (age > STUCK.toNanos()) {
            found.add("app " + app.appId() + ": Kafka does not store its messages");
        }
    }

    /** One line per problem, or a single line for a problem of many apps. */
    static List<String> lines(List<String> problems) {
        Map<String, List<String>> apps = new LinkedHashMap<>();
        for (String problem : problems) {
            int colon = problem.indexOf(": ");
            apps.computeIfAbsent(problem.substring(colon + 2), text -> new ArrayList<>())
                    .add(problem.substring(0, colon));
        }
        List<String> lines = new ArrayList<>();
        apps.forEach((text, names) -> {
            if (names.size() > MOST_ALONE) {
                lines.add(names.size() + " apps, " + names.get(0) + " among them: " + text);
            } else {
                names.forEach(name -> lines.add(name + ": " + text));
            }
        });
        return lines;
    }

    private static boolean isTold(String problem) {
        return problem.endsWith(AppQueue.NEW) || problem.contains(": " + AppQueue.AWAY);
    }

    private void tell(List<String> found) {
        List<String> before = problems;
        if (before.equals(found)) {
            return;
        }
        problems = List.copyOf(found);
        List<String> news = found.stream()
                .filter(problem -> !before.contains(problem) && !isTold(problem))
                .toList();
        troubled |= !news.isEmpty();
        lines(news).forEach(LOG::warn);
        if (found.isEmpty() && troubled) {
            troubled = false;
            LOG.info("Kafka stores messages again");
        }
    }
}
