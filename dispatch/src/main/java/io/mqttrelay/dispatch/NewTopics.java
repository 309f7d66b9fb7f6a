package io.mqttrelay.dispatch;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.common.thread.Role;
import io.mqttrelay.common.topic.TopicFinding;
import io.mqttrelay.common.topic.TopicsResult;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Checks and makes the topics of apps that are not consumed yet, until they can be used: at the start, when an app is
 * added, and when Kafka refuses a topic of a running dispatcher. An app with unusable topics keeps no other from being
 * consumed.
 */
@CalledOn("dispatch-topics")
final class NewTopics implements Role {
    private static final Logger log = LogManager.getLogger(NewTopics.class);
    private static final long STEP_MILLIS = 200;
    private static final long FIRST_WAIT = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(30);

    /** Asks for the topics of apps. */
    interface Topics {
        /** Makes missing topics, and checks all of them. Blocks for a bounded time. */
        TopicsResult ensure(Collection<String> appIds) throws InterruptedException;
    }

    private static final class Wanted {
        private long notBefore;
        private long wait = FIRST_WAIT;
        private String why = "";
    }

    private final Topics topics;
    private final Consumer<String> ready;
    private final LongSupplier nanoTime;
    private final BlockingQueue<Runnable> asked = new LinkedBlockingQueue<>();

    private final Map<String, Wanted> missing = new LinkedHashMap<>();
    private final Set<String> warned = new HashSet<>();
    private boolean away;
    private volatile List<String> problems = List.of();

    /**
     * @param ready told of each app whose topics can be consumed
     * @param nanoTime a monotonic clock, nanoseconds
     */
    NewTopics(Topics topics, Consumer<String> ready, LongSupplier nanoTime) {
        this.topics = topics;
        this.ready = ready;
        this.nanoTime = nanoTime;
    }

    /** Replaces the wanted apps. Any thread. */
    void want(Set<String> appIds) {
        Set<String> wanted = Set.copyOf(appIds);
        asked.add(() -> {
            missing.keySet().retainAll(wanted);
            wanted.forEach(appId -> missing.computeIfAbsent(appId, unused -> wantedFrom(nanoTime.getAsLong())));
        });
    }

    /** Adds a consumed app that has a topic refused by Kafka: it is checked in a while. Any thread. */
    void refused(String appId, String why) {
        asked.add(() -> {
            Wanted wanted = wantedFrom(nanoTime.getAsLong() + LONGEST_WAIT);
            wanted.wait = LONGEST_WAIT;
            missing.put(appId, wanted);
            tell(appId, wanted, why);
        });
    }

    private static Wanted wantedFrom(long moment) {
        Wanted wanted = new Wanted();
        wanted.notBefore = moment;
        return wanted;
    }

    /** Why apps are not consumed yet, one line each. Any thread. */
    List<String> problems() {
        return problems;
    }

    @Override
    public void step() throws InterruptedException {
        step(STEP_MILLIS);
    }

    /** Checks the apps that are due; waits for a change at most {@code patience} milliseconds. */
    void step(long patience) throws InterruptedException {
        Runnable change = asked.poll(patience, TimeUnit.MILLISECONDS);
        while (change != null) {
            change.run();
            change = asked.poll();
        }
        long now = nanoTime.getAsLong();
        List<String> due = new ArrayList<>();
        missing.forEach((appId, wanted) -> {
            if (now - wanted.notBefore >= 0) {
                due.add(appId);
            }
        });
        if (!due.isEmpty()) {
            ensure(due);
        }
        problems = missing.entrySet().stream()
                .filter(each -> !each.getValue().why.isEmpty())
                .map(each -> line(each.getKey(), each.getValue().why))
                .toList();
    }

    /** Checks all apps at once; if that fails, each half separately, so that only the apps with a problem fail. */
    private void ensure(List<String> appIds) throws InterruptedException {
        TopicsResult result = topics.ensure(appIds);
        if (result instanceof TopicsResult.Ready found) {
            if (away) {
                log.info("Kafka answers");
            }
            away = false;
            found.created().forEach(topic -> log.info("created topic {}", topic));
            take(appIds, found.findings());
        } else if (result instanceof TopicsResult.Unavailable unavailable) {
            if (unavailable.ofKafka()) {
                away(appIds, unavailable.error());
            } else if (appIds.size() == 1) {
                later(appIds.get(0), named(unavailable.error()));
            } else {
                ensure(List.copyOf(appIds.subList(0, appIds.size() / 2)));
                ensure(List.copyOf(appIds.subList(appIds.size() / 2, appIds.size())));
            }
        }
    }

    private static String named(String error) {
        return error.startsWith("Kafka") ? error : "Kafka: " + error;
    }

    private void take(List<String> appIds, List<TopicFinding> findings) throws InterruptedException {
        boolean fatal = findings.stream().anyMatch(TopicFinding::fatal);
        if (fatal && appIds.size() > 1) {
            ensure(List.copyOf(appIds.subList(0, appIds.size() / 2)));
            ensure(List.copyOf(appIds.subList(appIds.size() / 2, appIds.size())));
            return;
        }
        for (TopicFinding finding : findings) {
            if (finding.fatal()) {
                later(appIds.get(0), finding.toString());
                return;
            }
            if (warned.add(finding.toString())) {
                log.warn("{}", finding);
            }
        }
        new LinkedHashSet<>(appIds).forEach(appId -> {
            Wanted wanted = missing.remove(appId);
            if (wanted != null && !wanted.why.isEmpty()) {
                log.info("app {} is consumed now", appId);
            }
            ready.accept(appId);
        });
    }

    /** Handles a failure of Kafka as a whole: one line, however many apps wait, and all are checked again soon. */
    private void away(List<String> appIds, String why) {
        if (!away) {
            log.error("{}; messages wait, and it is tried again until it answers", why);
        }
        away = true;
        long next = nanoTime.getAsLong() + FIRST_WAIT;
        for (String appId : appIds) {
            Wanted wanted = missing.get(appId);
            if (wanted != null) {
                wanted.notBefore = next;
                wanted.why = why;
            }
        }
    }

    private void later(String appId, String why) {
        Wanted wanted = missing.get(appId);
        if (wanted != null) {
            wanted.notBefore = nanoTime.getAsLong() + wanted.wait;
            wanted.wait = Math.min(LONGEST_WAIT, 2 * wanted.wait);
            tell(appId, wanted, why);
        }
    }

    private static void tell(String appId, Wanted wanted, String why) {
        if (wanted.why.isEmpty()) {
            log.error("{}; every other app is; will be tried again until it works", line(appId, why));
        }
        wanted.why = why;
    }

    private static String line(String appId, String why) {
        return "app " + appId + " is not consumed yet: " + why;
    }
}
