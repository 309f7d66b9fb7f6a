package io.mqttrelay.dispatch.consume;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One stay of one partition at this dispatcher, from assignment to revocation. When the partition comes back it is another
 * assignment: what ends late for this one touches nothing of that.
 */
public final class Assignment {
    private final TopicPartition partition;
    private final AppWindow app;
    private final OffsetTracker tracker;

    private volatile boolean ended;
    private long heldBytes;
    private int open;
    private int begun;

    // consumer thread
    private @Nullable OffsetAndMetadata committed;
    private @Nullable Progress restored;
    private boolean paused;

    /**
     * @param position the next offset to be read
     * @param committed what the group has stored; null: nothing
     */
    Assignment(TopicPartition partition, AppWindow app, long position, @Nullable OffsetAndMetadata committed) {
        this.partition = partition;
        this.app = app;
        this.tracker = new OffsetTracker(position);
        this.committed = committed;
        this.restored = committed == null ? null : ProgressCodec.decode(committed.metadata(), committed.offset());
    }

    public TopicPartition partition() {
        return partition;
    }

    /** The app whose topic the partition is of. */
    public String appId() {
        return app.appId();
    }

    AppWindow app() {
        return app;
    }

    OffsetTracker tracker() {
        return tracker;
    }

    /** False once the partition was taken away. Any thread. */
    public boolean isCurrent() {
        return !ended;
    }

    /**
     * A delivery goes out: until {@link #pause} the partition is not given away under it. Any thread.
     *
     * @return false: the partition was taken away, nothing of it may be sent any more
     */
    public synchronized boolean begin() {
        if (ended) {
            return false;
        }
        begun++;
        return true;
    }

    /** The delivery is durable, or waits to be tried again. Any thread, once after each {@link #begin}. */
    public synchronized void pause() {
        begun--;
        if (begun == 0) {
            notifyAll();
        }
    }

    /**
     * Waits until nothing is going out.
     *
     * @return false: something still was when the time was up
     */
    synchronized boolean awaitQuiet(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        while (begun > 0) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    /** From now on nothing more of it is sent, and what it holds in memory is the garbage collector's. */
    synchronized void end() {
        ended = true;
        app.release(heldBytes);
        heldBytes = 0;
    }

    synchronized Receipt received(long offset, long timestamp, int bytes) {
        Receipt receipt = new Receipt(this, offset, timestamp, bytes);
        tracker.received(receipt);
        open++;
        heldBytes += bytes;
        app.hold(bytes);
        return receipt;
    }

    synchronized void done(int bytes) {
        open--;
        park(bytes);
    }

    synchronized void park(int bytes) {
        if (!ended) {
            heldBytes -= bytes;
            app.release(bytes);
        }
    }

    /** Records received and not done. */
    synchronized int open() {
        return open;
    }

    /** Whether the delivery of this record to this address was made before the partition came here. */
    boolean wasDone(long address, long offset) {
        return restored != null && restored.isDone(address, offset);
    }

    /** The position, and what is known beyond it, if the group has not stored just that. */
    Optional<OffsetAndMetadata> toCommit() {
        long position = tracker.position(); // first: what is done meanwhile may lie before it, never an open run
        if (restored != null && restored.end() <= position) {
            restored = null;
        }
        Progress progress = Progress.of(tracker.window(), tracker.next(), app.addresses(), restored);
        OffsetAndMetadata now = new OffsetAndMetadata(position, ProgressCodec.encode(progress, position));
        return now.equals(committed) ? Optional.empty() : Optional.of(now);
    }

    void committed(OffsetAndMetadata stored) {
        committed = stored;
    }

    boolean isPaused() {
        return paused;
    }

    void paused(boolean now) {
        paused = now;
    }

    @Override
    public String toString() {
        return partition.toString();
    }
}
