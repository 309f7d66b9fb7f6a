package io.mqttrelay.ingest.write;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.common.thread.Role;
import io.mqttrelay.common.topic.TopicProvisioner;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Creates the apps' topics before their messages are sent, and again after a topic was deleted. In between it checks
 * whether Kafka answers, and whether partitions can store records. Runs on the thread {@code ingest-topics}, because
 * all of this blocks.
 */
public final class TopicKeeper implements Role, RecordWriter.Topics {
    /** Examines partitions. */
    public interface Examiner {
        /**
         * The partitions of this list that have a leader and enough replicas to store records. Waits for a bounded time.
         */
        Set<RecordWriter.Suspect> healthy(List<RecordWriter.Suspect> suspects) throws InterruptedException;
    }

    private static final long STEP_MILLIS = 100;
    private static final TopicProvisioner.Schedule SCHEDULE =
            new TopicProvisioner.Schedule(true, Duration.ofSeconds(5), Duration.ofSeconds(5));

    private final Examiner examiner;
    private final RecordWriter writer;
    private final TopicProvisioner provisioner;
    private final BlockingQueue<List<RecordWriter.Suspect>> examinations = new LinkedBlockingQueue<>(1);

    /** Creates a keeper for the apps of {@code writer}, which are all requested at once. */
    public TopicKeeper(
            TopicProvisioner.Kafka kafka,
            Examiner examiner,
            RecordWriter writer,
            Collection<String> appIds,
            LongSupplier nanoTime) {
        this.examiner = examiner;
        this.writer = writer;
        this.provisioner = new TopicProvisioner(kafka, new WriterApps(), SCHEDULE, nanoTime);
        appIds.forEach(provisioner::want);
    }

    @Override
    public void want(String appId) {
        provisioner.want(appId);
    }

    @Override
    public void examine(List<RecordWriter.Suspect> suspects) {
        var unused = examinations.offer(suspects); // if the queue is full, the next check asks again
    }

    @Override
    public void suspectOutage() {
        provisioner.suspectOutage();
    }

    /** Why Kafka cannot be reached; null: it can. Any thread. */
    public @Nullable String unreachable() {
        return provisioner.unreachable();
    }

    @Override
    @CalledOn("ingest-topics")
    public void step() throws InterruptedException {
        if (provisioner.step(STEP_MILLIS, !examinations.isEmpty())) {
            List<RecordWriter.Suspect> suspects = examinations.poll();
            if (suspects != null) {
                writer.examined(suspects, examiner.healthy(suspects));
            }
        }
    }

    private final class WriterApps implements TopicProvisioner.Apps {
        @Override
        public boolean isWanted(String appId) {
            return writer.takes(appId);
        }

        @Override
        public void ready(String appId) {
            writer.topicsReady(appId);
        }

        @Override
        public void unusable(String appId, String why) {
            writer.topicsMissing(appId, why);
        }

        @Override
        public void away(String appId, String why) {
            writer.topicsMissing(appId, AppQueue.AWAY + why);
        }
    }
}
