package io.mqttrelay.ingest.write;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.common.thread.Role;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/**
 * The only one that sends: the work of the thread {@code ingest-writer}. A lane per app keeps the order; a topic that
 * does not take records holds up its own lane only. The producer never gives a record up by itself, so what fails here is
 * either too large, or waits in its lane until Kafka takes it.
 */
public final class RecordWriter implements Role {
    /** Who creates an app's topics: {@link TopicKeeper}. */
    public interface Topics {
        /** Asks for them; the answer is {@link RecordWriter#topicsReady} or {@link RecordWriter#topicsMissing}. */
        void want(String appId);
    }

    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LOOK_AT_TOPIC = TimeUnit.SECONDS.toNanos(5);

    // for everybody
    private volatile Map<String, Lane> lanes = Map.of(); // never changed but replaced, under the lock of windows
    private final Map<String, SendWindow> windows = new HashMap<>(); // guarded by itself
    private final Set<String> leaving = new HashSet<>(); // guarded by windows
    private final long maxSent;
    private final LaneSender sender = new LaneSender();
    private final Inbox inbox = new Inbox();
    private final LaneHealth health = new LaneHealth();
    private final LongSupplier nanoTime;

    // of ingest-writer
    private final LiveProducer producer;
    private volatile @Nullable Topics topics;
    private @Nullable CountDownLatch drained;
    private boolean holding;
    private long lastTick;
    private long lastLook;

    /**
     * For these apps; sends nothing of an app before {@link #topicsReady} says that its topics are there.
     *
     * @param producers makes a producer: the first one, and another when one can no longer be used
     * @param maxSent bytes that Kafka's client has at most, of all apps, each of which has an equal part
     * @param nanoTime as {@link System#nanoTime}
     */
    public RecordWriter(
            Collection<String> appIds,
            Supplier<Producer<byte[], byte[]>> producers,
            long maxSent,
            LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.maxSent = maxSent;
        this.producer = new LiveProducer(producers, nanoTime);
        addLanes(appIds);
    }

    private void addLanes(Collection<String> appIds) {
        synchronized (windows) {
            Map<String, Lane> all = new LinkedHashMap<>(lanes);
            for (String appId : appIds) {
                leaving.remove(appId);
                all.computeIfAbsent(appId, added -> {
                    SendWindow window = new SendWindow(maxSent);
                    windows.put(added, window);
                    return new Lane(added, sender, window);
                });
            }
            windows.values().forEach(window -> window.limit(maxSent / windows.size()));
            lanes = all;
        }
    }

    /** Messages of this app may be handed over from now on, too; they wait for its topics. Any thread. */
    public void add(String appId) {
        boolean known;
        synchronized (windows) { // as one: it may just be on its way out
            known = lanes.containsKey(appId);
            addLanes(List.of(appId));
        }
        Topics keeper = topics;
        if (!known && keeper != null) {
            keeper.want(appId);
        }
    }

    /** Whether messages of this app may be handed over. Any thread. */
    boolean takes(String appId) {
        return lanes.containsKey(appId);
    }

    /** Nothing of this app is handed over any more; what was is stored or released. Any thread. */
    public void remove(String appId) {
        synchronized (windows) {
            leaving.add(appId);
        }
    }

    private void removeIdle() {
        synchronized (windows) {
            if (leaving.isEmpty() || !inbox.isEmpty()) {
                return;
            }
            Map<String, Lane> all = new LinkedHashMap<>(lanes);
            leaving.removeIf(appId -> {
                Lane lane = all.get(appId);
                boolean idle = lane == null || lane.idle();
                if (idle) {
                    all.remove(appId);
                    windows.remove(appId);
                }
                return idle;
            });
            lanes = all;
        }
    }

    /** Before the thread starts: whom to ask for topics. */
    public void topics(Topics keeper) {
        this.topics = keeper;
    }

    /** Hands a message over. Any thread; never blocks. */
    public void write(Write write) {
        Lane lane = lanes.get(write.appId());
        if (lane == null) {
            throw new IllegalArgumentException("no lane for app " + write.appId());
        }
        inbox.add(new Slot(lane, write));
    }

    /** The app's topics exist: its messages may go. Any thread. */
    public void topicsReady(String appId) {
        inbox.add(() -> {
            Lane lane = lanes.get(appId);
            if (lane == null) {
                return; // removed meanwhile
            }
            if (lane.inFlight() == 0) {
                lane.settle();
            }
            lane.unblock();
        });
    }

    /** The app's topics do not exist, or cannot be used. Any thread. */
    public void topicsMissing(String appId, String why) {
        inbox.add(() -> {
            Lane lane = lanes.get(appId);
            if (lane != null && lane.blocked() != null) {
                lane.block(why);
            }
        });
    }

    /** While {@code hold}, nothing is sent; what Kafka has in hand goes on. Any thread. */
    public void hold(boolean hold) {
        inbox.add(() -> {
            holding = hold;
            if (!hold) {
                lanes.values().forEach(Lane::flush);
            }
        });
    }

    /** Lets go of what waits here and will come again, because its connection has ended. Any thread. */
    public void releaseComingAgain() {
        inbox.add(() -> lanes.values().forEach(lane -> lane.release(false)));
    }

    /**
     * Lets go of everything that the MQTT broker still has, and waits for the rest to be stored. Nothing may be handed
     * over any more.
     *
     * @return whether everything has been stored or released within {@code limit}
     */
    public boolean drain(Duration limit) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        inbox.add(() -> {
            holding = false;
            lanes.values().forEach(lane -> lane.release(true));
            lanes.values().forEach(Lane::flush);
            drained = done;
        });
        return done.await(Math.max(0, limit.toMillis()), TimeUnit.MILLISECONDS);
    }

    /** Why not everything that arrives is stored at once, a line each; empty: it is. Any thread. */
    public List<String> problems() {
        return health.problems();
    }

    /** How long the oldest send has been under way, nanoseconds. Any thread. */
    public long oldestNanos() {
        return health.oldestNanos();
    }

    /** Sends under way, as of the last look. Any thread. */
    public int inFlight() {
        return health.inFlight();
    }

    @Override
    @CalledOn("ingest-writer")
    public void step() throws InterruptedException {
        step(TICK);
    }

    /** Waits for something to do at most {@code patience} nanoseconds. */
    void step(long patience) throws InterruptedException {
        inbox.work(patience);
        long now = nanoTime.getAsLong();
        if (now - lastTick >= TICK) {
            lastTick = now;
            tick(now);
        }
    }

    private void tick(long now) {
        if (producer.renew(now)) {
            lanes.values().forEach(Lane::flush);
        }
        removeIdle();
        boolean idle = inbox.isEmpty();
        for (Lane lane : lanes.values()) {
            lane.settle();
            if (lane.retryDue()) {
                ask(lane);
            }
            idle &= lane.idle();
        }
        lookAtStuckTopics(now);
        health.look(lanes.values());
        if (drained != null && idle) {
            drained.countDown();
        }
    }

    /** A topic that was deleted shows only as a send that never ends. */
    private void lookAtStuckTopics(long now) {
        if (now - lastLook < LOOK_AT_TOPIC) {
            return;
        }
        lastLook = now;
        for (Lane lane : lanes.values()) {
            if (lane.age() > LOOK_AT_TOPIC) {
                ask(lane);
            }
        }
    }

    private void ask(Lane lane) {
        Topics keeper = topics;
        if (keeper == null) {
            lane.unblock();
        } else {
            keeper.want(lane.appId());
        }
    }

    /** Gives Kafka's client {@code limit} to end; what it still has in hand is not acknowledged. */
    public void closeProducer(Duration limit) {
        producer.close(limit);
    }

    private final class LaneSender implements Lane.Sender {
        @Override
        public void send(Slot slot, Write write) {
            producer.send(slot, write);
        }

        @Override
        public boolean holds() {
            return holding || !producer.exists();
        }

        @Override
        public void later(Inbox.Task task) {
            inbox.add(task);
        }

        @Override
        public void failed(Slot slot, SendFailure failure, String why) {
            if (failure == SendFailure.PRODUCER) {
                producer.end(slot, why);
            } else {
                slot.lane.blockAfterFailure(why);
            }
        }

        @Override
        public long nanoTime() {
            return nanoTime.getAsLong();
        }
    }
}
