package io.mqttrelay.ingest.write;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.common.thread.Role;
import io.mqttrelay.common.topic.TopicFinding;
import io.mqttrelay.common.topic.TopicsResult;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that the apps' topics are there before anything is sent, and again when one was deleted; between times asks
 * whether Kafka answers at all. The work of the thread {@code ingest-topics}, because all of it blocks.
 */
public final class TopicKeeper implements Role, RecordWriter.Topics {
    /** What the keeper needs of Kafka. */
    public interface Kafka {
        /** Creates what is missing. */
        TopicsResult ensure(Collection<String> appIds) throws InterruptedException;

        /** Whether the cluster answers: null, or one line that says why not. */
        @Nullable
        String ping() throws InterruptedException;

        /** After the last of the other calls. */
        void close();
    }

    private static final Logger LOG = LogManager.getLogger(TopicKeeper.class);
    private static final long STEP_MILLIS = 100;
    private static final int STEPS_PER_PING = 50;

    private final Kafka kafka;
    private final RecordWriter writer;
    private final BlockingQueue<String> wanted = new LinkedBlockingQueue<>();
    private final Set<TopicFinding> told = new LinkedHashSet<>();
    private int idleSteps;
    private volatile @Nullable String unreachable = "Kafka has not answered yet";

    /** For the apps of {@code writer}; all of them are wanted from the beginning. */
    public TopicKeeper(Kafka kafka, RecordWriter writer, Collection<String> appIds) {
        this.kafka = kafka;
        this.writer = writer;
        wanted.addAll(appIds);
    }

    @Override
    public void want(String appId) {
        wanted.add(appId);
    }

    /** Why Kafka cannot be reached; null: it can. Any thread. */
    public @Nullable String unreachable() {
        return unreachable;
    }

    @Override
    @CalledOn("ingest-topics")
    public void step() throws InterruptedException {
        String first = wanted.poll(STEP_MILLIS, TimeUnit.MILLISECONDS);
        if (first == null) {
            if (++idleSteps >= STEPS_PER_PING) {
                idleSteps = 0;
                reached(kafka.ping());
            }
            return;
        }
        idleSteps = 0;
        Set<String> apps = new LinkedHashSet<>();
        apps.add(first);
        wanted.drainTo(apps);
        apps.removeIf(app -> !writer.takes(app)); // it went with the configuration
        if (apps.isEmpty()) {
            return;
        }
        ensure(List.copyOf(apps));
    }

    @Override
    public void close() {
        kafka.close();
    }

    private void ensure(List<String> apps) throws InterruptedException {
        String problem = kafka.ping();
        reached(problem);
        if (problem != null) {
            missing(apps, problem);
            return;
        }
        Optional<String> error = tryToEnsure(apps);
        if (error.isEmpty()) {
            return;
        }
        if (apps.size() == 1) {
            missing(apps, error.get());
            return;
        }
        // one app whose topics cannot be made must not keep the others waiting
        for (String app : apps) {
            ensure(List.of(app));
        }
    }

    private Optional<String> tryToEnsure(List<String> apps) throws InterruptedException {
        return kafka.ensure(apps).match(new TopicsResult.Cases<Optional<String>>() {
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

    private void missing(List<String> apps, String why) throws InterruptedException {
        apps.forEach(app -> writer.topicsMissing(app, why));
        TimeUnit.MILLISECONDS.sleep(500);
        wanted.addAll(apps);
    }

    private void reached(@Nullable String problem) {
        boolean before = unreachable == null;
        unreachable = problem;
        if (problem != null && before) {
            LOG.warn("Kafka cannot be reached, messages wait: {}", problem);
        } else if (problem == null && !before) {
            LOG.info("Kafka can be reached");
        }
    }
}
