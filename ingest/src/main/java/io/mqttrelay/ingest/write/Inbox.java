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
 * The task queue of {@code ingest-writer}, in the order of arrival. While few tasks arrive, each one runs at once.
 * While many arrive, the writer waits some milliseconds so that more gather: messages that reach Kafka's client
 * together share a batch, and a batch costs more than the few messages in it.
 */
final class Inbox {
    /** A task of the writer. */
    interface Task {
        void run();
    }

    /** Maximum number of tasks that run between two ticks. */
    static final int MOST = 1024;

    /** With this number of tasks at once, the writer lets further tasks gather. */
    static final int MUCH = 64;

    /** A pause without new tasks ends the gathering, because the sender may be waiting for its acknowledgements. */
    static final long PAUSE = Duration.ofMillis(1).toNanos();

    /** Maximum time of gathering while more and more tasks arrive. */
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
     * @param park waits for the given nanoseconds, or shorter
     * @param nanoTime as {@link System#nanoTime}, whose time passes in {@code park}
     */
    Inbox(LongConsumer park, LongSupplier nanoTime) {
        this.park = park;
        this.nanoTime = nanoTime;
    }

    /** Adds a task. Any thread. */
    void add(Task task) {
        tasks.add(task);
    }

    /** Whether no task waits; the running tasks do not count. Any thread. */
    boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** Runs the waiting tasks; waits for the first one at most {@code patience} nanoseconds. */
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
