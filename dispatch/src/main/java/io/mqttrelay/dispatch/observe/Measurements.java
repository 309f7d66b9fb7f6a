package io.mqttrelay.dispatch.observe;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.dispatch.flow.WindowPolicy;
import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.Cursor;
import io.mqttrelay.dispatch.window.AddressWindow;
import io.mqttrelay.dispatch.window.AppWindows;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** Measures lag, age and stalls of every address for the meters, and logs states that last. */
@CalledOn("dispatch-consumer")
public final class Measurements {
    /** The partitions and apps of this dispatcher. */
    public interface Partitions {
        Collection<Assignment> all();

        Collection<AppWindows> apps();
    }

    private static final Logger log = LogManager.getLogger(Measurements.class);
    private static final Duration WORTH_A_LINE = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final EndOffsets ends;
    private final Partitions assignments;
    private final WindowPolicy policy;
    private final ConsumerMeters meters;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Map<AddressWindow, Episode> behind = new HashMap<>();
    private final Map<AddressWindow, Episode> blocked = new HashMap<>();
    private final Map<String, Episode> paused = new HashMap<>();

    public Measurements(
            Consumer<byte[], byte[]> consumer,
            EndOffsets ends,
            Partitions assignments,
            WindowPolicy policy,
            ConsumerMeters meters,
            Clock clock,
            LongSupplier nanoTime) {
        this.consumer = consumer;
        this.ends = ends;
        this.assignments = assignments;
        this.policy = policy;
        this.meters = meters;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    void measure() {
        long now = TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
        // for a partition that is not fetched, the client's lag is not updated
        Map<TopicPartition, Long> endsOfPaused = ends.of(consumer.paused());
        Map<String, Integer> pausedOf = new HashMap<>();
        Map<AddressWindow, Integer> blockedOf = new HashMap<>();
        meters.beginMeasuring();
        for (Assignment assignment : assignments.all()) {
            long unread = unread(assignment, endsOfPaused.get(assignment.partition()));
            for (Cursor cursor : assignment.cursors()) {
                measure(cursor, unread, now);
                int topics = policy.takes(cursor) ? cursor.blockedTopics() : 0;
                blockedOf.merge(cursor.window(), topics, Integer::sum);
            }
            if (assignment.paused() == Assignment.Pause.FULL && assignment.isAnybodyInStep()) {
                pausedOf.merge(assignment.appId(), 1, Integer::sum);
            }
        }
        for (AppWindows app : assignments.apps()) {
            tellPaused(app.appId(), pausedOf.getOrDefault(app.appId(), 0), now);
            app.addresses().forEach(address -> {
                tellBehind(address, now);
                tellBlocked(address, blockedOf.getOrDefault(address, 0), now);
            });
        }
        meters.endMeasuring();
    }

    private void measure(Cursor cursor, long unreadByAll, long now) {
        long next = cursor.assignment().next();
        long unread = cursor.unreadBefore(next) + unreadByAll;
        boolean couldRead = unread > 0 && policy.wantsMore(cursor) && policy.takes(cursor);
        long since = cursor.oldestTimestamp(next);
        meters.measured(
                cursor.window().address(),
                cursor.open() + unread,
                since == 0 ? 0 : Math.max(0, clock.millis() - since),
                cursor.stalledMillis(couldRead, next, now));
    }

    private void tellBehind(AddressWindow address, long now) {
        meters.behind(address.address(), address.behind());
        Episode episode = behind.computeIfAbsent(address, unused -> new Episode(WORTH_A_LINE));
        episode.is(
                address.behind() > 0,
                now,
                () -> log.warn(
                        "{} is behind in {} partitions: the others go on without it, its messages wait in Kafka until it"
                                + " takes them",
                        address,
                        address.behind()),
                () -> log.info("{} has caught up, after {} s", address, episode.seconds(now)));
    }

    private void tellBlocked(AddressWindow address, int topics, long now) {
        meters.blocked(address.address(), topics);
        Episode episode = blocked.computeIfAbsent(address, unused -> new Episode(WORTH_A_LINE));
        episode.is(
                topics > 0,
                now,
                () -> log.warn(
                        "{}: {} MQTT topics are blocked: their first message fails and is tried again; the other topics go on,"
                                + " messages of these wait in Kafka. The dead letters of the address say why they fail",
                        address,
                        topics),
                () -> log.info("{}: no MQTT topic is blocked any more, after {} s", address, episode.seconds(now)));
    }

    private void tellPaused(String appId, int partitions, long now) {
        meters.paused(appId, partitions);
        Episode episode = paused.computeIfAbsent(appId, unused -> new Episode(WORTH_A_LINE));
        episode.is(
                partitions > 0,
                now,
                () -> log.info(
                        "app {}: {} partitions are paused, since as much as may be in memory waits for its callbacks",
                        appId,
                        partitions),
                () -> log.info("app {}: no partition is paused any more, after {} s", appId, episode.seconds(now)));
    }

    /**
     * Records after the fetch position: the larger of the consumer's lag at its last fetch and of Kafka's last answer;
     * both may be old.
     */
    private long unread(Assignment assignment, @Nullable Long end) {
        long fetched = consumer.currentLag(assignment.partition()).orElse(0);
        return end == null ? fetched : Math.max(fetched, end - assignment.next());
    }
}
