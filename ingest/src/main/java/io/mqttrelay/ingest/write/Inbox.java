package io.mqttrelay.ingest.write;

import io.mqttrelay.common.thread.CalledOn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * What {@code ingest-writer} has to do, in the order in which it was told. Where little comes, each is done at once. Where
 * much comes, it is left to gather for some milliseconds: messages that reach Kafka's client together share a batch, and a
 * batch costs more than the few messages that would be in it.
 */
final class Inbox {
    /** Something to do. */
    interface Task {
        void run();
    }

    /** The most that is done before the writer looks around. */
    static final int MOST = 1024;

    /** So much at a time is much: what follows is waited for. */
    static final int MUCH = 64;

    /** Without anything new for so long, nothing more is waited for: who sent may be waiting for its acknowledgements. */
    static final long PAUSE = Duration.ofMillis(1).toNanos();

    /** How long at most, while more and more comes. */
    static final long LONGEST = Duration.ofMillis(10).toNanos();

    private final BlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
    private final LongConsumer park;
    private final LongSupplier nanoTime;

    // of ingest-writer
    private final List<Task> taken = new ArrayList<>();
    private boolean gathers;

    Inbox() {
        this(LockSupport::parkNanos, System::nanoTime);
    }

    /**
     * @param park waits for so many nanoseconds, or shorter
     * @param nanoTime as {@link System#nanoTime}, whose time passes in {@code park}
     */
    Inbox(LongConsumer park, LongSupplier nanoTime) {
        this.park = park;
        this.nanoTime = nanoTime;
    }

    /** Any thread. */
    void add(Task task) {
        tasks.add(task);
    }

    /** Whether there is nothing to do but for what is being done. Any thread. */
    boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** Does what there is; waits for it at most {@code patience} nanoseconds. */
    @CalledOn("ingest-writer")
    void work(long patience) throws InterruptedException {
        Task first = tasks.poll(patience, TimeUnit.NANOSECONDS);
        if (first == null) {
            gathers = false;
            return;
        }
        if (gathers) {
            gather();
        }
        taken.add(first);
        tasks.drainTo(taken, MOST - 1);
        gathers = taken.size() >= MUCH;
        taken.forEach(Task::run);
        taken.clear();
    }

    private void gather() {
        long begin = nanoTime.getAsLong();
        int before = tasks.size();
        while (before < MOST && nanoTime.getAsLong() - begin < LONGEST) {
            park.accept(PAUSE);
            int now = tasks.size();
            if (now == before) {
                return;
            }
            before = now;
        }
    }
}
