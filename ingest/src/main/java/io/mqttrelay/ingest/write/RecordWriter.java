package io.mqttrelay.ingest.write;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.common.thread.Role;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/**
 * Stores messages in Kafka, on the thread {@code ingest-writer}. An {@link AppQueue} per app keeps the order. A topic
 * that refuses records blocks only its own app, and a partition only itself. The producer never gives up on a record,
 * so a failed message is either too large, or waits in its place until Kafka stores it. Sending never blocks.
 */
public final class RecordWriter implements Role {
    /** Creates the apps' topics: {@link TopicKeeper}. */
    public interface Topics {
        /**
         * Requests the topics; the answer is {@link RecordWriter#topicsReady} or {@link RecordWriter#topicsMissing}.
         */
        void want(String appId);

        /** Asks whether these partitions can store records; the answer is {@link RecordWriter#examined}. */
        default void examine(List<Suspect> suspects) {}

        /** Asks soon whether Kafka answers, because its client has lost the metadata of a topic. */
        default void suspectOutage() {}
    }

    /**
     * A partition whose group has been in flight for long.
     *
     * @param partition negative: some partition of the topic
     */
    public record Suspect(String appId, String topic, int partition) {}

    /**
     * Creates Kafka producers, which never block: at the start, and to replace unusable ones.
     *
     * @param small for records that share a batch
     * @param large for records that are larger than a batch
     */
    public record Producers(Supplier<Producer<byte[], byte[]>> small, Supplier<Producer<byte[], byte[]>> large) {}

    /**
     * The limits of Kafka's client.
     *
     * @param maxSent bytes in flight, of all apps; each app may exceed it by a batch and a dead letter. The same amount is for
     *     large records, and twice as much for stuck ones
     * @param batchSize its {@code batch.size}
     */
    public record Limits(long maxSent, int batchSize) {}

    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LOOK_AT_TOPIC = TimeUnit.SECONDS.toNanos(5);

    // shared by all threads
    private volatile Map<String, AppQueue> apps = Map.of(); // replaced, never changed, under the lock of leaving
    private final Set<String> leaving = new HashSet<>(); // guarded by itself
    private final Limits limits;
    private final SendWindow.Total sent;
    private final UnaryOperator<String> topicOf;
    private final QueueSender sender = new QueueSender();
    private final Inbox inbox = new Inbox();
    private final AppHealth health = new AppHealth();
    private final StuckWatch stuck;
    private final LongSupplier nanoTime;

    // confined to ingest-writer
    private final LiveProducer producer;
    private volatile @Nullable Topics topics;
    private @Nullable CountDownLatch drained;
    private long lastTick;
    private long lastLook;

    /**
     * Creates a writer for these apps. It sends nothing of an app before {@link #topicsReady}.
     *
     * @param topicOf the messages topic of an app
     * @param nanoTime as {@link System#nanoTime}
     * @param closer closes producers, which may wait for the client's thread
     */
    public RecordWriter(
            Collection<String> appIds,
            UnaryOperator<String> topicOf,
            Producers producers,
            Limits limits,
            LongSupplier nanoTime,
            Executor closer) {
        this.topicOf = topicOf;
        this.nanoTime = nanoTime;
        this.limits = limits;
        this.stuck = new StuckWatch(nanoTime);
        this.sent = new SendWindow.Total(limits, nanoTime);
        this.producer = new LiveProducer(producers, nanoTime, closer);
        addQueues(appIds);
    }

    private void addQueues(Collection<String> appIds) {
        synchronized (leaving) {
            Map<String, AppQueue> all = new LinkedHashMap<>(apps);
            for (String appId : appIds) {
                leaving.remove(appId);
                all.computeIfAbsent(
                        appId, added -> new AppQueue(added, topicOf.apply(added), sender, new SendWindow(sent)));
            }
            sent.divideAmong(all.size());
            apps = all;
        }
    }

    /** Adds an app; its messages wait for its topics. Any thread. */
    public void add(String appId) {
        boolean known;
        synchronized (leaving) { // atomically, because the app may just be leaving
            known = apps.containsKey(appId);
            addQueues(List.of(appId));
        }
        Topics keeper = topics;
        if (!known && keeper != null) {
            keeper.want(appId);
        }
    }

    /** Whether messages of this app are accepted. Any thread. */
    boolean takes(String appId) {
        return apps.containsKey(appId);
    }

    /** Removes an app as soon as its messages are stored or released; no further ones may be written. Any thread. */
    public void remove(String appId) {
        synchronized (leaving) {
            leaving.add(appId);
        }
    }

    private void removeIdle() {
        synchronized (leaving) {
            if (leaving.isEmpty() || !inbox.isEmpty()) {
                return;
            }
            Map<String, AppQueue> all = new LinkedHashMap<>(apps);
            leaving.removeIf(appId -> {
                AppQueue app = all.get(appId);
                boolean idle = app == null || app.idle();
                if (idle) {
                    all.remove(appId);
                }
                return idle;
            });
            sent.divideAmong(all.size());
            apps = all;
        }
    }

    /** Sets the creator of topics, before the thread starts. */
    public void topics(Topics keeper) {
        this.topics = keeper;
    }

    /** Accepts a message. Any thread; never blocks. */
    public void write(Write write) {
        AppQueue app = apps.get(write.appId());
        if (app == null) {
            throw new IllegalArgumentException("no queue for app " + write.appId());
        }
        inbox.add(new Slot(app, write));
    }

    /** Reports that the app's topics exist: its messages are sent. Any thread. */
    public void topicsReady(String appId) {
        inbox.add(() -> {
            AppQueue app = apps.get(appId);
            if (app != null) { // the app may have been removed meanwhile
                app.unblock();
            }
        });
    }

    /** Reports that the app's topics do not exist, or cannot be used. Any thread. */
    public void topicsMissing(String appId, String why) {
        inbox.add(() -> {
            AppQueue app = apps.get(appId);
            if (app != null && (app.isBlocked() || app.isRefused() || app.waitsForMetadata() > 0)) {
                app.block(why);
            }
        });
    }

    /** Reports which of these partitions have a leader and enough replicas to store records. Any thread. */
    public void examined(List<Suspect> suspects, Set<Suspect> healthy) {
        inbox.add(() -> stuck.examined(suspects, healthy, apps, producer));
    }

    /** Releases waiting messages that will be delivered again, because their connection has ended. Any thread. */
    public void releaseComingAgain() {
        inbox.add(() -> apps.values().forEach(AppQueue::releaseComingAgain));
    }

    /**
     * Releases all messages that the MQTT broker still has, and waits until the others are stored. No further message
     * may be written.
     *
     * @return whether everything has been stored or released within {@code limit}
     */
    public boolean drain(Duration limit) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        inbox.add(() -> {
            apps.values().forEach(AppQueue::drain);
            drained = done;
        });
        return done.await(Math.max(0, limit.toMillis()), TimeUnit.MILLISECONDS);
    }

    /** Why some messages are not stored at once, a line each; empty: all are. Any thread. */
    public List<String> problems() {
        return health.problems();
    }

    /** How long the oldest send has been in flight, nanoseconds. Any thread. */
    public long oldestNanos() {
        return health.oldestNanos();
    }

    /** The number of sends in flight at the last check. Any thread. */
    public int inFlight() {
        return health.inFlight();
    }

    @Override
    @CalledOn("ingest-writer")
    public void step() throws InterruptedException {
        step(TICK);
    }

    /** Runs waiting tasks; waits for the first one at most {@code patience} nanoseconds. */
    void step(long patience) throws InterruptedException {
        inbox.work(patience);
        long now = nanoTime.getAsLong();
        if (now - lastTick >= TICK) {
            lastTick = now;
            tick(now);
        }
    }

    private void tick(long now) {
        producer.renew(now);
        removeIdle();
        boolean idle = inbox.isEmpty();
        for (AppQueue app : apps.values()) {
            app.flush();
            if (app.retryDue()) {
                ask(app);
            }
            idle &= app.idle();
        }
        lookAtStuckTopics(now);
        suspectOutage();
        stuck.look(apps.values(), topics, now);
        producer.closeRetired(each -> stuck.isBusy(each, apps.values(), now));
        health.look(apps.values());
        if (drained != null && idle) {
            drained.countDown();
        }
    }

    /** Asks for topics with old sends: a deleted topic shows only as a send that never ends. */
    private void lookAtStuckTopics(long now) {
        if (now - lastLook < LOOK_AT_TOPIC) {
            return;
        }
        lastLook = now;
        for (AppQueue app : apps.values()) {
            if (app.age() > LOOK_AT_TOPIC || app.waitsForMetadata() > LOOK_AT_TOPIC) {
                ask(app);
            }
        }
    }

    /** Has Kafka asked before an app reports the loss of its metadata: all apps may have that problem. */
    private void suspectOutage() {
        Topics keeper = topics;
        if (keeper != null && apps.values().stream().anyMatch(app -> app.waitsForMetadata() > 0)) {
            keeper.suspectOutage();
        }
    }

    private void ask(AppQueue app) {
        Topics keeper = topics;
        if (keeper == null) {
            app.unblock();
        } else {
            keeper.want(app.appId());
        }
    }

    /** Closes Kafka's client, within {@code limit}; its messages in flight are not acknowledged. */
    public void closeProducer(Duration limit) {
        producer.close(limit);
    }

    private final class QueueSender implements AppQueue.Sender {
        @Override
        public @Nullable Generation producer() {
            return producer.current();
        }

        @Override
        public int batchSize() {
            return limits.batchSize();
        }

        @Override
        public void later(Inbox.Task task) {
            inbox.add(task);
        }

        @Override
        public void failed(Slot slot, SendFailure failure, String why) {
            switch (failure) {
                case TOPIC -> slot.app.refused(slot.queue(), why);
                case METADATA -> slot.app.noMetadata(slot.queue(), why);
                case PRODUCER, CLUSTER -> producer.end(slot.producer, failure == SendFailure.CLUSTER, why);
                case TOO_LARGE -> throw new IllegalArgumentException("is no failure to send again");
            }
        }

        @Override
        public long nanoTime() {
            return nanoTime.getAsLong();
        }
    }
}
