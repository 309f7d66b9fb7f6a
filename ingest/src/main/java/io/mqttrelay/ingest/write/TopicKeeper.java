package io.mqttrelay.ingest.write;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.common.thread.Role;
import io.mqttrelay.common.topic.TopicFinding;
import io.mqttrelay.common.topic.TopicsResult;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Creates the apps' topics before their messages are sent, and again after a topic was deleted. In between it checks
 * whether Kafka answers. Runs on the thread {@code ingest-topics}, because all of this blocks.
 *
 * <p>Apps are handled in portions, and each app may send as soon as its own topics exist. An app whose topics cannot
 * be created is retried alone, one such app in each step, so that it delays the others by one bounded call.
 */
public final class TopicKeeper implements Role, RecordWriter.Topics {
    /** Kafka as seen by the keeper. Each call waits for a bounded time. */
    public interface Kafka {
        /**
         * Creates the missing topics.
         *
         * @param patience how long to wait for topics that are not visible yet
         */
        TopicsResult ensure(Collection<String> appIds, Duration patience) throws InterruptedException;

        /** The partitions of this list that have a leader and enough replicas to store records. */
        Set<RecordWriter.Suspect> healthy(List<RecordWriter.Suspect> suspects) throws InterruptedException;

        /**
         * Checks whether the cluster answers; null: it does; else one line with the reason.
         *
         * @param suspected an outage is likely: refused connections are found first
         */
        @Nullable
        String ping(boolean suspected) throws InterruptedException;

        /** Closes the client, after the last other call. */
        void close();
    }

    private static final Logger LOG = LogManager.getLogger(TopicKeeper.class);
    private static final long STEP_MILLIS = 100;
    private static final long PING_EVERY = Duration.ofSeconds(5).toNanos();
    private static final long PING_AGAIN = Duration.ofMillis(500).toNanos();
    private static final long UNREACHABLE_MILLIS = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration PATIENCE_ALONE = Duration.ofSeconds(2);

    private final Kafka kafka;
    private final RecordWriter writer;
    private final LongSupplier nanoTime;
    private final WantedApps wanted = new WantedApps();
    private final BlockingQueue<List<RecordWriter.Suspect>> examinations = new LinkedBlockingQueue<>(1);
    private volatile @Nullable String unreachable = "Kafka has not answered yet";
    private volatile boolean suspected;

    // confined to ingest-topics
    private final TroubledApps troubled = new TroubledApps();
    private final Portion portion = new Portion();
    private final Set<TopicFinding> told = new LinkedHashSet<>();
    private @Nullable Long pinged;
    private boolean toldUnreachable;

    /** Creates a keeper for the apps of {@code writer}, which are all requested at once. */
    public TopicKeeper(Kafka kafka, RecordWriter writer, Collection<String> appIds, LongSupplier nanoTime) {
        this.kafka = kafka;
        this.writer = writer;
        this.nanoTime = nanoTime;
        appIds.forEach(wanted::add);
    }

    @Override
    public void want(String appId) {
        wanted.add(appId);
    }

    @Override
    public void examine(List<RecordWriter.Suspect> suspects) {
        var unused = examinations.offer(suspects); // if the queue is full, the next check asks again
    }

    @Override
    public void suspectOutage() {
        suspected = true;
    }

    /** Why Kafka cannot be reached; null: it can. Any thread. */
    public @Nullable String unreachable() {
        return unreachable;
    }

    @Override
    @CalledOn("ingest-topics")
    public void step() throws InterruptedException {
        Set<String> apps = wanted.take(portion.size(), troubled.isDue(nanoTime.getAsLong()) ? 0 : STEP_MILLIS);
        apps.removeIf(app -> !writer.takes(app) || troubled.has(app));
        String alone = troubled.next(nanoTime.getAsLong());
        if (!apps.isEmpty() || alone != null || isPingDue()) {
            work(List.copyOf(apps), alone);
        }
    }

    private boolean isPingDue() {
        Long last = pinged;
        long interval = suspected || unreachable != null ? PING_AGAIN : PING_EVERY;
        return !examinations.isEmpty() || last == null || nanoTime.getAsLong() - last >= interval;
    }

    private void work(List<String> apps, @Nullable String alone) throws InterruptedException {
        boolean likely = suspected;
        suspected = false;
        String problem = kafka.ping(likely);
        pinged = nanoTime.getAsLong();
        reached(problem);
        if (problem != null) {
            waitForKafka(apps, alone, problem);
            return;
        }
        if (!apps.isEmpty()) {
            ensure(apps);
        }
        if (alone != null) {
            ensureAlone(alone);
        }
        List<RecordWriter.Suspect> suspects = examinations.poll();
        if (suspects != null) {
            writer.examined(suspects, kafka.healthy(suspects));
        }
    }

    @Override
    public void close() {
        kafka.close();
    }

    /** Reports that no app's topics can be handled while Kafka is away. */
    private void waitForKafka(List<String> apps, @Nullable String alone, String problem) throws InterruptedException {
        apps.forEach(app -> writer.topicsMissing(app, AppQueue.AWAY + problem));
        apps.forEach(wanted::add);
        if (alone != null) {
            writer.topicsMissing(alone, AppQueue.AWAY + problem);
            troubled.add(alone, nanoTime.getAsLong());
        }
        if (!apps.isEmpty() || alone != null) {
            TimeUnit.MILLISECONDS.sleep(UNREACHABLE_MILLIS);
        }
    }

    private void ensure(List<String> apps) throws InterruptedException {
        long begin = nanoTime.getAsLong();
        Optional<String> error = tryToEnsure(apps, PATIENCE);
        portion.took(nanoTime.getAsLong() - begin);
        if (error.isEmpty()) {
            return;
        }
        long now = nanoTime.getAsLong();
        for (String app : apps) { // single requests find out which of these apps failed
            troubled.add(app, now);
            if (apps.size() == 1) {
                writer.topicsMissing(app, error.get());
            } else {
                troubled.atOnce(app);
            }
        }
    }

    private void ensureAlone(String app) throws InterruptedException {
        if (!writer.takes(app)) { // the app was removed from the configuration
            troubled.remove(app);
            return;
        }
        Optional<String> error = tryToEnsure(List.of(app), PATIENCE_ALONE);
        if (error.isEmpty()) {
            troubled.remove(app);
        } else {
            troubled.add(app, nanoTime.getAsLong());
            writer.topicsMissing(app, error.get());
        }
    }

    private Optional<String> tryToEnsure(List<String> apps, Duration patience) throws InterruptedException {
        return kafka.ensure(apps, patience).match(new TopicsResult.Cases<Optional<String>>() {
            @Override
            public Optional<String> ready(TopicsResult.Ready ready) {
                ready.created().forEach(topic -> LOG.info("created Kafka topic {}", topic));
                ready.findings().stream().filter(told::add).forEach(finding -> LOG.warn("{}", finding));
                for (TopicFinding finding : ready.findings()) {
                    if (finding.fatal()) {
                        return Optional.of(finding.toString());
                    }
                }
                apps.forEach(writer::topicsReady);
                return Optional.empty();
            }

            @Override
            public Optional<String> unavailable(TopicsResult.Unavailable unavailable) {
                return Optional.of(unavailable.error());
            }
        });
    }

    private void reached(@Nullable String problem) {
        unreachable = problem;
        if (problem != null && !toldUnreachable) {
            LOG.error("{}; messages wait, and it is tried again until it answers", problem);
        } else if (problem == null && toldUnreachable) {
            LOG.info("Kafka answers");
        }
        toldUnreachable = problem != null;
    }

    /** The number of apps in one request: as many as Kafka answers in about a second. */
    private static final class Portion {
        private static final int FIRST = 16;
        private static final int SMALLEST = 4;
        private static final int LARGEST = 256;
        private static final long QUICK = Duration.ofMillis(500).toNanos();
        private static final long SLOW = Duration.ofSeconds(2).toNanos();
        private int apps = FIRST;

        int size() {
            return apps;
        }

        void took(long nanos) {
            if (nanos < QUICK) {
                apps = Math.min(LARGEST, apps * 2);
            } else if (nanos > SLOW) {
                apps = Math.max(SMALLEST, apps / 2);
            }
        }
    }
}
