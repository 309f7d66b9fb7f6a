package io.mqttrelay.dispatch;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.common.thread.Role;
import io.mqttrelay.common.topic.TopicFinding;
import io.mqttrelay.common.topic.TopicsResult;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sees to the topics of apps that come while the dispatcher runs, as long as it takes: the consumer must not wait for it.
 * Each app by itself, so that one whose topics cannot be made keeps no other from being consumed.
 */
@CalledOn("dispatch-topics")
final class NewTopics implements Role {
    private static final Logger log = LogManager.getLogger(NewTopics.class);
    private static final long STEP_MILLIS = 200;
    private static final long AGAIN_MILLIS = 500;

    private final KafkaLink kafka;
    private final BlockingQueue<Set<String>> asked = new LinkedBlockingQueue<>();
    private final Consumer<String> ready;
    private Set<String> missing = new LinkedHashSet<>();
    private final Set<String> said = new LinkedHashSet<>();
    private volatile @Nullable String problem;

    /** @param ready told of each app whose topics are there */
    NewTopics(KafkaLink kafka, Consumer<String> ready) {
        this.kafka = kafka;
        this.ready = ready;
    }

    /** From now on these are wanted, and none that was before. Any thread. */
    void want(Set<String> appIds) {
        asked.add(Set.copyOf(appIds));
    }

    /** Why an app is not consumed yet, one line; null: all are. Any thread. */
    @Nullable
    String problem() {
        return problem;
    }

    @Override
    public void step() throws InterruptedException {
        Set<String> wanted = asked.poll(missing.isEmpty() ? STEP_MILLIS : AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        if (wanted != null) {
            missing = new LinkedHashSet<>(wanted);
            said.clear();
        }
        String failure = null;
        for (String appId : Set.copyOf(missing)) {
            Optional<String> why = tryToEnsure(appId);
            if (why.isEmpty()) {
                missing.remove(appId);
                ready.accept(appId);
                continue;
            }
            failure = "app " + appId + " is not consumed yet: " + why.get();
            if (said.add(appId)) {
                log.error("{}; will be tried again until it works", failure);
            }
        }
        problem = failure;
    }

    /** Why not; empty: they are there. */
    private Optional<String> tryToEnsure(String appId) throws InterruptedException {
        return kafka.ensure(Set.of(appId)).match(new TopicsResult.Cases<Optional<String>>() {
            @Override
            public Optional<String> ready(TopicsResult.Ready found) {
                found.created().forEach(topic -> log.info("created topic {}", topic));
                for (TopicFinding finding : found.findings()) {
                    if (finding.fatal()) {
                        return Optional.of(finding.toString());
                    }
                    log.warn("{}", finding);
                }
                return Optional.empty();
            }

            @Override
            public Optional<String> unavailable(TopicsResult.Unavailable unavailable) {
                return Optional.of("Kafka: " + unavailable.error());
            }
        });
    }
}
