package io.mqttrelay.dispatch;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.common.thread.Role;
import io.mqttrelay.common.topic.TopicFinding;
import io.mqttrelay.common.topic.TopicsResult;
import io.mqttrelay.dispatch.consume.ConsumerLoop;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** The consumer thread's work: wait for Kafka and the topics, as long as it takes, then consume. */
@CalledOn("dispatch-consumer")
final class Consuming implements Role {
    private static final Logger log = LogManager.getLogger(Consuming.class);
    private static final long AGAIN_MILLIS = 500;

    private final KafkaLink kafka;
    private final Collection<String> appIds;
    private final Supplier<ConsumerLoop> loops;

    private volatile @Nullable ConsumerLoop loop;
    private volatile String waitsFor = "Kafka was not reached yet";
    private volatile boolean stopping;
    private boolean said;

    /** @param loops makes the consumer, once the topics are there */
    Consuming(KafkaLink kafka, Collection<String> appIds, Supplier<ConsumerLoop> loops) {
        this.kafka = kafka;
        this.appIds = appIds;
        this.loops = loops;
    }

    /** One line for people; null: ready. Any thread. */
    @Nullable
    String whyNotReady() {
        ConsumerLoop consuming = loop;
        return consuming == null ? waitsFor : consuming.whyNotReady();
    }

    @Override
    public void step() throws InterruptedException {
        ConsumerLoop consuming = loop;
        if (consuming != null) {
            consuming.step();
        } else if (appIds.isEmpty()) {
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
            ConsumerLoop consuming = loops.get();
            consuming.start();
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
