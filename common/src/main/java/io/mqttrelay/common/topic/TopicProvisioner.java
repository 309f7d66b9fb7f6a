package io.mqttrelay.common.topic;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Creates and checks the topics of apps until they can be used. Each app may be served as soon as its own topics exist.
 * If the topics of several apps cannot be prepared together, each half is prepared by itself, until only the apps with a
 * problem fail. Such an app is retried alone, one in each step, so that it delays the others by one bounded call.
 *
 * <p>{@link #step} runs on one thread, because it blocks. The other public methods: any thread.
 */
public final class TopicProvisioner {
    /** Kafka as seen by the provisioner. Each call waits for a bounded time. */
    public interface Kafka {
        /**
         * Creates the missing topics of these apps, and checks all of them.
         *
         * @param patience how long to wait for topics that are not visible yet
         */
        TopicsResult ensure(Collection<String> appIds, Duration patience) throws InterruptedException;

        /**
         * Checks whether the cluster answers; null: it does; else one line with the reason.
         *
         * @param suspected an outage is likely: refused connections are found first
         */
        @Nullable
        String ping(boolean suspected) throws InterruptedException;
    }

    /** The apps as seen by the provisioner. On the thread of {@link #step}, except {@link #isWanted}. */
    public interface Apps {
        /** Whether the app still needs its topics. */
        boolean isWanted(String appId);

        /** Reports that all topics of the app can be used. */
        void ready(String appId);

        /** Reports why the app's own topics cannot be used; they are tried again. */
        void unusable(String appId, String why);

        /** Reports that the app waits, because Kafka as a whole cannot be used. */
        void away(String appId, String why);
    }

    /**
     * The schedule of the requests.
     *
     * @param portions whether a request is for few apps, and a step for one half of a request that failed; else a step
     *     handles all apps
     * @param longestWait the longest wait for the next attempt with an unusable app
     * @param pingEvery how often Kafka is asked although no app needs topics; null: never
     */
    public record Schedule(
            boolean portions,
            Duration longestWait,
            @Nullable Duration pingEvery) {}

    private static final Logger log = LogManager.getLogger(TopicProvisioner.class);
    private static final long AWAY_MILLIS = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration PATIENCE_OF_PART = Duration.ofSeconds(2);

    private final Kafka kafka;
    private final Apps apps;
    private final Schedule schedule;
    private final LongSupplier nanoTime;
    private final WantedApps wanted = new WantedApps();
    private final Queue<String> refused = new ConcurrentLinkedQueue<>();
    private final KafkaPing ping;

    // confined to the thread of step
    private final TroubledApps troubled;
    private final TopicRequestSize size;
    /** Halves of requests that failed. */
    private final Queue<List<String>> parts = new ArrayDeque<>();

    private final Set<TopicFinding> told = new LinkedHashSet<>();
    private boolean away;

    /** @param nanoTime as {@link System#nanoTime} */
    public TopicProvisioner(Kafka kafka, Apps apps, Schedule schedule, LongSupplier nanoTime) {
        this.kafka = kafka;
        this.apps = apps;
        this.schedule = schedule;
        this.nanoTime = nanoTime;
        this.ping = new KafkaPing(kafka, schedule.pingEvery(), nanoTime);
        this.troubled = new TroubledApps(schedule.longestWait());
        this.size = new TopicRequestSize(schedule.portions());
    }

    /** Requests the topics of an app. */
    public void want(String appId) {
        wanted.add(appId);
    }

    /** Requests the topics of an app that Kafka refused a moment ago, after the longest wait. */
    public void refused(String appId) {
        refused.add(appId);
    }

    /** Has Kafka asked soon whether it answers. */
    public void suspectOutage() {
        ping.suspectOutage();
    }

    /** Why Kafka cannot be reached; null: it can. */
    public @Nullable String unreachable() {
        return ping.unreachable();
    }

    /**
     * Prepares the topics of the apps that are due.
     *
     * @param patience how long to wait for a request, milliseconds
     * @param ask whether Kafka is asked in any case
     * @return whether Kafka was asked and answered
     */
    public boolean step(long patience, boolean ask) throws InterruptedException {
        long now = nanoTime.getAsLong();
        for (String app = refused.poll(); app != null; app = refused.poll()) {
            troubled.refused(app, now);
        }
        troubled.retain(apps::isWanted);
        boolean busy = ask || !parts.isEmpty() || troubled.next(now) != null;
        Set<String> due = wanted.take(size.apps(), busy ? 0 : patience);
        due.removeIf(app -> !apps.isWanted(app) || troubled.has(app) || isInPart(app));
        String alone = parts.isEmpty() ? troubled.next(nanoTime.getAsLong()) : null;
        if (!ask && due.isEmpty() && parts.isEmpty() && alone == null && !ping.isDue()) {
            return false;
        }
        return work(List.copyOf(due), alone);
    }

    private boolean isInPart(String app) {
        return parts.stream().anyMatch(part -> part.contains(app));
    }

    private boolean work(List<String> due, @Nullable String alone) throws InterruptedException {
        String problem = ping.problem();
        if (problem != null) {
            Set<String> waiting = new LinkedHashSet<>(due);
            parts.forEach(waiting::addAll);
            parts.clear();
            if (alone != null) {
                waiting.add(alone);
            }
            waitForKafka(waiting, problem);
            return false;
        }
        if (due.isEmpty() && parts.isEmpty() && troubled.isEmpty()) {
            answered();
        }
        if (!due.isEmpty()) {
            long begin = nanoTime.getAsLong();
            ensure(due, PATIENCE);
            size.took(nanoTime.getAsLong() - begin);
        }
        if (alone != null) {
            ensure(List.of(alone), PATIENCE_OF_PART);
        } else {
            ensureParts();
        }
        return true;
    }

    private void ensureParts() throws InterruptedException {
        List<String> part = parts.poll();
        while (part != null) {
            List<String> due = part.stream().filter(apps::isWanted).toList();
            if (!due.isEmpty()) {
                ensure(due, PATIENCE_OF_PART);
            }
            part = schedule.portions() ? null : parts.poll();
        }
    }

    private void ensure(List<String> due, Duration patience) throws InterruptedException {
        TopicsResult result = kafka.ensure(due, patience);
        if (result instanceof TopicsResult.Unavailable unavailable) {
            if (unavailable.ofKafka()) {
                waitForKafka(due, unavailable.error());
            } else {
                answered();
                failed(due, unavailable.error());
            }
        } else if (result instanceof TopicsResult.Ready ready) {
            answered();
            ready.created().forEach(topic -> log.info("created topic {}", topic));
            ready.findings().stream()
                    .filter(finding -> !finding.fatal() && told.add(finding))
                    .forEach(finding -> log.warn("{}", finding));
            TopicFinding fatal = ready.fatal();
            if (fatal == null) {
                due.forEach(troubled::remove);
                due.forEach(apps::ready);
            } else {
                failed(due, fatal.toString());
            }
        }
    }

    private void failed(List<String> due, String why) {
        if (due.size() == 1) {
            troubled.add(due.get(0), nanoTime.getAsLong());
            apps.unusable(due.get(0), why);
        } else { // only the apps with a problem fail
            parts.add(due.subList(0, due.size() / 2));
            parts.add(due.subList(due.size() / 2, due.size()));
        }
    }

    /** Handles a failure of Kafka as a whole: one log line for all apps, which are tried again soon. */
    private void waitForKafka(Collection<String> waiting, String why) throws InterruptedException {
        if (!away) {
            log.error("{}; messages wait, and it is tried again until it answers", why);
        }
        away = true;
        for (String app : waiting) {
            apps.away(app, why);
            if (troubled.has(app)) {
                troubled.add(app, nanoTime.getAsLong());
            } else {
                wanted.add(app);
            }
        }
        if (!waiting.isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(AWAY_MILLIS);
        }
    }

    private void answered() {
        if (away) {
            log.info("Kafka answers");
        }
        away = false;
    }
}
