package io.mqttrelay.dispatch;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.common.thread.Role;
import io.mqttrelay.common.topic.TopicProvisioner;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Checks and makes the topics of apps that are not consumed yet, until they can be used: at the start, when an app is
 * added, and when Kafka refuses a topic of a running dispatcher. An app with unusable topics keeps no other from being
 * consumed.
 */
final class NewTopics implements Role, TopicProvisioner.Apps {
    private static final Logger log = LogManager.getLogger(NewTopics.class);
    private static final long STEP_MILLIS = 200;
    /** All at once: each time that apps become ready, the consumer group rebalances. */
    private static final TopicProvisioner.Schedule SCHEDULE =
            new TopicProvisioner.Schedule(false, Duration.ofSeconds(30), null);

    private final TopicProvisioner provisioner;
    private final Consumer<String> ready;

    /** The apps that are not consumed yet, with the reason; empty: none is known. */
    private final Map<String, String> missing = new ConcurrentHashMap<>();

    /**
     * @param ready told of each app whose topics can be consumed
     * @param nanoTime a monotonic clock, nanoseconds
     */
    NewTopics(TopicProvisioner.Kafka kafka, Consumer<String> ready, LongSupplier nanoTime) {
        this.provisioner = new TopicProvisioner(kafka, this, SCHEDULE, nanoTime);
        this.ready = ready;
    }

    /** Replaces the wanted apps. Any thread. */
    void want(Set<String> appIds) {
        missing.keySet().retainAll(appIds);
        for (String appId : appIds) {
            if (missing.putIfAbsent(appId, "") == null) {
                provisioner.want(appId);
            }
        }
    }

    /** Adds a consumed app that has a topic refused by Kafka: it is checked in a while. Any thread. */
    void refused(String appId, String why) {
        missing.put(appId, "");
        tell(appId, why);
        provisioner.refused(appId);
    }

    /** Why apps are not consumed yet, one line each. Any thread. */
    List<String> problems() {
        return missing.entrySet().stream()
                .filter(each -> !each.getValue().isEmpty())
                .map(each -> line(each.getKey(), each.getValue()))
                .toList();
    }

    @Override
    @CalledOn("dispatch-topics")
    public void step() throws InterruptedException {
        step(STEP_MILLIS);
    }

    /** Checks the apps that are due; waits for a change at most {@code patience} milliseconds. */
    void step(long patience) throws InterruptedException {
        provisioner.step(patience, false);
    }

    @Override
    public boolean isWanted(String appId) {
        return missing.containsKey(appId);
    }

    @Override
    public void ready(String appId) {
        String why = missing.remove(appId);
        if (why != null && !why.isEmpty()) {
            log.info("app {} is consumed now", appId);
        }
        ready.accept(appId);
    }

    @Override
    public void unusable(String appId, String why) {
        tell(appId, why.startsWith("topic") || why.startsWith("Kafka") ? why : "Kafka: " + why);
    }

    private void tell(String appId, String why) {
        String before = missing.replace(appId, why);
        if (before != null && before.isEmpty()) {
            log.error("{}; every other app is; will be tried again until it works", line(appId, why));
        }
    }

    @Override
    public void away(String appId, String why) {
        missing.replace(appId, why);
    }

    private static String line(String appId, String why) {
        return "app " + appId + " is not consumed yet: " + why;
    }
}
