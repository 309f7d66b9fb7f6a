package io.mqttrelay.dispatch;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.common.thread.Role;
import io.mqttrelay.common.topic.TopicFinding;
import io.mqttrelay.common.topic.TopicsResult;
import io.mqttrelay.dispatch.consume.ConsumedApp;
import io.mqttrelay.dispatch.consume.ConsumerLoop;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The consumer thread's work: wait for Kafka and the topics, as long as it takes, then consume; and go over to another
 * configuration when there is one.
 */
@CalledOn("dispatch-consumer")
final class Consuming implements Role {
    private static final Logger log = LogManager.getLogger(Consuming.class);
    private static final long AGAIN_MILLIS = 500;

    /** Makes the consumer. */
    interface Loops {
        ConsumerLoop of(Map<String, ConsumedApp> topics);
    }

    private final KafkaLink kafka;
    private final Loops loops;
    private final NewTopics newTopics;
    private final Queue<Runnable> messages = new ConcurrentLinkedQueue<>();

    // consumer thread
    private AppTopics apps;
    /** The apps whose topics are there. */
    private final Set<String> there = new HashSet<>();

    private volatile @Nullable ConsumerLoop loop;
    private volatile String waitsFor = "Kafka was not reached yet";
    private volatile boolean stopping;
    private boolean said;

    /** @param loops makes the consumer, once the topics are there */
    Consuming(KafkaLink kafka, AppTopics apps, Loops loops) {
        this.kafka = kafka;
        this.apps = apps;
        this.loops = loops;
        this.newTopics = new NewTopics(kafka, appId -> messages.add(() -> isThere(appId)));
    }

    /** The role of another thread, which makes the topics of apps that come later. */
    NewTopics newTopics() {
        return newTopics;
    }

    /** One line for people; null: ready. Any thread. */
    @Nullable
    String whyNotReady() {
        ConsumerLoop consuming = loop;
        if (consuming == null) {
            return waitsFor;
        }
        String why = consuming.whyNotReady();
        return why == null ? newTopics.problem() : why;
    }

    /**
     * Another configuration is to be consumed. Any thread; returns at once.
     *
     * @param first run on the consumer thread, before anything is read by that configuration
     * @param changed the addresses to which calls are made on other terms than before
     * @return done when nothing is read any more by the configuration before
     */
    CompletableFuture<Void> change(AppTopics next, Set<Long> changed, Runnable first) {
        CompletableFuture<Void> taken = new CompletableFuture<>();
        messages.add(() -> {
            first.run();
            apps = next;
            Set<String> wanted = new HashSet<>(next.appIds());
            there.retainAll(wanted);
            wanted.removeAll(there);
            newTopics.want(loop == null ? Set.of() : wanted); // else they are seen to before the consumer is made
            goOver(changed);
            taken.complete(null);
        });
        return taken;
    }

    private void isThere(String appId) {
        if (loop != null && apps.appIds().contains(appId) && there.add(appId)) {
            goOver(Set.of());
        }
    }

    private void goOver(Set<Long> changed) {
        ConsumerLoop consuming = loop;
        Map<String, ConsumedApp> topics = apps.only(there).byTopic();
        if (consuming != null && !topics.isEmpty()) {
            consuming.change(topics, changed);
        }
    }

    @Override
    public void step() throws InterruptedException {
        for (Runnable message = messages.poll(); message != null; message = messages.poll()) {
            message.run();
        }
        ConsumerLoop consuming = loop;
        if (consuming != null && there.isEmpty()) {
            waitsFor = "the configuration has no enabled route any more";
            loop = null;
            consuming.close();
        } else if (consuming != null) {
            consuming.step();
        } else if (apps.byTopic().isEmpty()) {
            waitsFor = "the configuration has no enabled route";
            Thread.sleep(AGAIN_MILLIS);
        } else {
            begin();
        }
    }

    /** Waits no more for Kafka and the topics, if it still does; for the end of the process. Any thread. */
    void stopWaiting() {
        stopping = true;
        if (loop == null) {
            kafka.close();
        }
    }

    private void begin() throws InterruptedException {
        Collection<String> appIds = apps.appIds();
        boolean usable = kafka.ensure(appIds).match(new TopicsResult.Cases<Boolean>() {
            @Override
            public Boolean ready(TopicsResult.Ready ready) {
                ready.created().forEach(topic -> log.info("created topic {}", topic));
                return usable(ready.findings());
            }

            @Override
            public Boolean unavailable(TopicsResult.Unavailable unavailable) {
                mustWait("Kafka: " + unavailable.error());
                return false;
            }
        });
        if (usable) {
            ConsumerLoop consuming = loops.of(apps.byTopic());
            consuming.start();
            there.addAll(appIds);
            loop = consuming;
        } else {
            Thread.sleep(AGAIN_MILLIS);
        }
    }

    private boolean usable(List<TopicFinding> findings) {
        boolean usable = true;
        for (TopicFinding finding : findings) {
            if (finding.fatal()) {
                usable = false;
                mustWait(finding.toString());
            } else if (!said) {
                log.warn("{}", finding);
            }
        }
        return usable;
    }

    private void mustWait(String reason) {
        if (!stopping && (!said || !waitsFor.equals(reason))) {
            log.error("{}; will be tried again until it works", reason);
        }
        said = true;
        waitsFor = reason;
    }

    @Override
    public void close() throws InterruptedException {
        ConsumerLoop consuming = loop;
        if (consuming != null) {
            consuming.close();
        }
    }
}
