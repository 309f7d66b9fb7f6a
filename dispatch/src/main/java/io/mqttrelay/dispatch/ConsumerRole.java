package io.mqttrelay.dispatch;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.common.thread.Role;
import io.mqttrelay.dispatch.consume.ConsumerLoop;
import io.mqttrelay.dispatch.window.ConsumedApp;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The consumer thread's work: consumes the apps whose topics can be consumed, and applies changes of these apps and of
 * the configuration. It waits for Kafka and for topics as long as needed.
 */
@CalledOn("dispatch-consumer")
final class ConsumerRole implements Role {
    private static final long AGAIN_MILLIS = 100;

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
    /** The apps whose topics can be consumed. */
    private final Set<String> there = new HashSet<>();

    private volatile @Nullable ConsumerLoop loop;
    private volatile boolean noRoute;

    /** @param loops makes the consumer, once there is an app whose topics can be consumed */
    ConsumerRole(KafkaLink kafka, AppTopics apps, Loops loops) {
        this.kafka = kafka;
        this.apps = apps;
        this.loops = loops;
        this.newTopics = new NewTopics(kafka, appId -> messages.add(() -> isThere(appId)), System::nanoTime);
        this.noRoute = apps.byTopic().isEmpty();
        newTopics.want(Set.copyOf(apps.appIds()));
    }

    /** The role of another thread, which checks the topics of apps that are not consumed yet. */
    NewTopics appsToLookAt() {
        return newTopics;
    }

    /** One line for people; null: ready. Any thread. */
    @Nullable
    String whyNotReady() {
        ConsumerLoop consuming = loop;
        if (consuming != null) {
            return consuming.whyNotReady();
        }
        if (noRoute) {
            return "the configuration has no enabled route";
        }
        List<String> problems = newTopics.problems();
        return problems.isEmpty() ? "Kafka was not reached yet" : problems.get(0);
    }

    /** One line for each app whose topics cannot be consumed. Any thread. */
    List<String> appsNotConsumed() {
        return newTopics.problems();
    }

    /** One line for each partition or task that fails while everything else goes on. Any thread. */
    List<String> degraded() {
        ConsumerLoop consuming = loop;
        return consuming == null ? List.of() : consuming.degraded();
    }

    /**
     * Requests a change of the configuration. Any thread; returns at once.
     *
     * @param first run on the consumer thread, before any record is read with the new configuration
     * @param changed addresses whose calls are made with other settings than before
     * @return completed when no record is read with the old configuration any more
     */
    CompletableFuture<Void> change(AppTopics next, Set<Long> changed, Runnable first) {
        CompletableFuture<Void> taken = new CompletableFuture<>();
        messages.add(() -> {
            first.run();
            apps = next;
            noRoute = next.byTopic().isEmpty();
            Set<String> wanted = new HashSet<>(next.appIds());
            there.retainAll(wanted);
            wanted.removeAll(there);
            newTopics.want(wanted);
            goOver(changed);
            taken.complete(null);
        });
        return taken;
    }

    private void isThere(String appId) {
        if (apps.appIds().contains(appId) && there.add(appId)) {
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
            loop = null;
            consuming.close();
        } else if (consuming != null) {
            consuming.step();
            leaveRefused(consuming.takeRefused());
        } else if (!there.isEmpty()) {
            ConsumerLoop begun = loops.of(apps.only(there).byTopic());
            begun.start();
            loop = begun;
        } else {
            Thread.sleep(AGAIN_MILLIS);
        }
    }

    /** Leaves apps whose topics Kafka refuses, until it allows them: otherwise each poll would fail for all apps. */
    private void leaveRefused(Map<String, String> refused) {
        boolean any = false;
        for (Map.Entry<String, String> each : refused.entrySet()) {
            ConsumedApp app = apps.byTopic().get(each.getKey());
            if (app != null && there.remove(app.appId())) {
                newTopics.refused(app.appId(), each.getValue());
                any = true;
            }
        }
        if (any) {
            goOver(Set.of());
        }
    }

    /** Stops a wait for Kafka and the topics, for the end of the process. Any thread. */
    void stopWaiting() {
        if (loop == null) {
            kafka.close();
        }
    }

    @Override
    public void close() throws InterruptedException {
        ConsumerLoop consuming = loop;
        if (consuming != null) {
            consuming.close();
        }
    }
}
