package io.mqttrelay.dispatch.position;

import io.mqttrelay.dispatch.progress.AddressProgress;
import io.mqttrelay.dispatch.progress.PartitionProgress;
import io.mqttrelay.dispatch.progress.ProgressCodec;
import io.mqttrelay.dispatch.progress.Snapshots;
import io.mqttrelay.dispatch.window.AddressWindow;
import io.mqttrelay.dispatch.window.AppWindows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One assignment of one partition to this dispatcher, from the rebalance that assigns it to its revocation. A partition
 * that is assigned again gets a new object: a late delivery of the old assignment changes nothing in the new one.
 */
public final class Assignment {
    /** Why the group consumer does not read the partition now. */
    public enum Pause {
        /** The group consumer reads the partition. */
        NONE,
        /** The partition has used its turn, and other partitions have not yet used theirs. */
        TURN,
        /** Every address has enough deliveries that could go out: more records would only fill memory. */
        ENOUGH,
        /** Memory is full, or no address is to be fed by the group consumer. */
        FULL
    }

    /**
     * Records of one turn, before other partitions get theirs: Kafka's consumer would hand out all fetched records of
     * one partition first.
     */
    public static final int TURN = 200;

    /** From this many blocked lanes on, a commit scan takes long and runs less often. */
    private static final int MANY_LANES = 512;

    private static final long BETWEEN_LONG_SCANS = TimeUnit.MILLISECONDS.toNanos(200);

    private final TopicPartition partition;
    private final AppWindows app;

    private volatile boolean ended;

    /** Whether the position or the progress of an address may have changed since the last commit scan. */
    private volatile boolean changed = true;

    private int begun; // guarded by this

    // consumer thread
    /** By key, with the cursor of unroutable records. */
    private final Map<Long, Cursor> cursors = new LinkedHashMap<>();

    private List<Cursor> ofAddresses = List.of();
    /** Progress of addresses that the configuration does not have; written unchanged into each commit. */
    private final Map<Long, AddressProgress> unknownDestinations;

    /** The next offset that the group consumer reads. */
    private long next;

    private final Snapshots snapshots;
    private @Nullable OffsetAndMetadata committed;
    private long scanNotBefore;
    private Pause pause = Pause.NONE;
    private boolean setAside;
    private boolean awaitsPosition;
    private int readInTurn;

    /**
     * @param position the group's committed offset, or the log start offset
     * @param committed the group's commit; null: the group has committed nothing
     */
    Assignment(TopicPartition partition, AppWindows app, long position, @Nullable OffsetAndMetadata committed) {
        this(partition, app, position, committed, Snapshots.none(partition));
    }

    /**
     * Makes an assignment whose commit names no progress record.
     *
     * @param snapshots writes progress records
     */
    public Assignment(
            TopicPartition partition,
            AppWindows app,
            long position,
            @Nullable OffsetAndMetadata committed,
            Snapshots snapshots) {
        this(
                partition,
                app,
                position,
                committed == null ? PartitionProgress.none() : ProgressCodec.decode(committed.metadata(), position),
                committed,
                snapshots);
    }

    /**
     * Makes an assignment whose commit names a progress record.
     *
     * @param progress of every address
     * @param snapshots writes further progress records
     */
    public static Assignment withRecord(
            AppWindows app, OffsetAndMetadata committed, PartitionProgress progress, Snapshots snapshots) {
        return new Assignment(snapshots.partition(), app, committed.offset(), progress, committed, snapshots);
    }

    /**
     * Makes an assignment that begins where an ended one stopped.
     *
     * @param progress of every address; none of it is committed
     */
    public static Assignment continuing(Assignment before, AppWindows app, long position, PartitionProgress progress) {
        return new Assignment(before.partition, app, position, progress, null, before.snapshots);
    }

    private Assignment(
            TopicPartition partition,
            AppWindows app,
            long position,
            PartitionProgress progress,
            @Nullable OffsetAndMetadata committed,
            Snapshots snapshots) {
        this.partition = partition;
        this.snapshots = snapshots;
        this.app = app;
        this.committed = committed;
        this.next = position;
        unknownDestinations = new LinkedHashMap<>(progress.addresses());
        for (AddressWindow window : app.all()) {
            AddressProgress known = progress.of(window.key(), position);
            unknownDestinations.remove(window.key());
            cursors.put(window.key(), new Cursor(this, window, known));
            next = Math.max(next, known.tail());
        }
        ofAddresses = ofAddresses(app, cursors);
        meet(cursor -> true);
    }

    private static List<Cursor> ofAddresses(AppWindows app, Map<Long, Cursor> cursors) {
        return cursors.values().stream()
                .filter(cursor -> cursor.window().key() != app.unroutable().key())
                .toList();
    }

    /** Makes the next commit scan look at the partition. Any thread, after the change itself. */
    public void changed() {
        if (!changed) {
            changed = true;
        }
    }

    /**
     * Returns whether the partition has changed since the last call, and resets the flag. A later change counts for the
     * next call.
     */
    public boolean takeChanged() {
        if (!changed) {
            return false; // a write here could overwrite a change that comes just now
        }
        changed = false; // before the position is read: a later change is seen now or next time
        return true;
    }

    /** Adds an address, or the unroutable records. A new address begins at the position, as after a restart. */
    public void add(AddressWindow window) {
        if (!cursors.containsKey(window.key())) {
            AddressProgress known = unknownDestinations.remove(window.key());
            changed();
            cursors.put(
                    window.key(),
                    new Cursor(this, window, known == null ? AddressProgress.beginningAt(position()) : known));
            ofAddresses = ofAddresses(app, cursors);
        }
    }

    public TopicPartition partition() {
        return partition;
    }

    /** The app that the partition's topic belongs to. */
    public String appId() {
        return app.appId();
    }

    public AppWindows app() {
        return app;
    }

    /** False once the partition was revoked. Any thread. */
    public boolean isCurrent() {
        return !ended;
    }

    /**
     * Counts deliveries that go out now: {@link #awaitQuiet} waits until {@link #pause} has ended each of them. Any
     * thread.
     *
     * @return false: the partition was revoked, none of its records may be sent any more
     */
    public synchronized boolean begin(int deliveries) {
        if (ended) {
            return false;
        }
        begun += deliveries;
        return true;
    }

    /**
     * Ends a delivery that is durable, that waits for its next attempt, or whose dead letter takes long to store. Any
     * thread, once for each delivery that began.
     */
    public synchronized void pause() {
        begun--;
        if (begun == 0) {
            notifyAll();
        }
    }

    /** Whether no delivery is going out. Any thread. */
    public synchronized boolean isQuiet() {
        return begun == 0;
    }

    /**
     * Waits until no delivery is going out.
     *
     * @return false: a delivery was still going out when the time was up
     */
    public synchronized boolean awaitQuiet(long nanos) throws InterruptedException {
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

    /**
     * Ends the assignment: nothing more of it is sent, and its deliveries in memory are left to the garbage collector.
     */
    public void end() {
        synchronized (this) {
            ended = true;
        }
        cursors.values().forEach(Cursor::end);
    }

    /** The cursors of addresses, without that of unroutable records. */
    public List<Cursor> cursors() {
        return ofAddresses;
    }

    /** The cursors of addresses, and that of unroutable records. */
    Collection<Cursor> allCursors() {
        return cursors.values();
    }

    /** The cursor of records that go to no address; null: retention deleted them after the app was removed. */
    @Nullable
    public Cursor unroutable() {
        return cursors.get(app.unroutable().key());
    }

    /** Null: no address of the app has this key. */
    @Nullable
    public Cursor cursor(long key) {
        return cursors.get(key);
    }

    public long next() {
        return next;
    }

    /**
     * Moves the fetch position: the group consumer has read everything before this offset, or Kafka has nothing there
     * any more.
     */
    public void readUpTo(long offset) {
        next = Math.max(next, offset);
        changed();
    }

    /** Puts in step each cursor that has nothing unread before {@link #next} and has room for the next records. */
    void meet(Predicate<Cursor> hasRoom) {
        for (Cursor cursor : cursors.values()) {
            if (!cursor.isInStep() && cursor.window().isConfigured() && hasRoom.test(cursor)) {
                cursor.meet(next);
            }
        }
    }

    /** Whether a served address needs a catch-up scan, for itself or for its blocked lanes. */
    public boolean isAnybodyBehind() {
        for (Cursor cursor : cursors.values()) {
            if ((!cursor.isInStep() || !cursor.lanes().isEmpty()) && cursor.isServed()) {
                return true;
            }
        }
        return false;
    }

    /** Whether an address, served or not, has a backlog that retention may delete. */
    public boolean isAnybodyLeft() {
        return !unknownDestinations.isEmpty()
                || cursors.values().stream()
                        .anyMatch(
                                cursor -> !cursor.isInStep() || !cursor.lanes().isEmpty());
    }

    /** Whether the group consumer is to read on for an address. */
    public boolean isAnybodyInStep() {
        for (Cursor cursor : ofAddresses) {
            if ((cursor.isInStep() || cursor.isAhead(next)) && cursor.isServed()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Records that retention deleted before they were delivered to an address.
     *
     * @param count of offsets, among them gaps and records of other routes
     */
    public record Lost(Cursor cursor, long count) {}

    /**
     * Moves the partition to a new log start offset.
     *
     * @return the addresses that lost records with that
     */
    public List<Lost> beginsAt(long beginning) {
        cursors.values().removeIf(cursor -> cursor.endsLeftBehind(beginning));
        ofAddresses = ofAddresses(app, cursors);
        Cursor unroutable = unroutable();
        if (unroutable != null) {
            unroutable.lost(beginning); // no address misses those records
        }
        List<Lost> all = new ArrayList<>();
        for (Cursor cursor : ofAddresses) {
            long lost = cursor.lost(beginning) + (cursor.isInStep() ? Math.max(0, beginning - next) : 0);
            if (lost > 0 && cursor.window().isConfigured()) {
                all.add(new Lost(cursor, lost));
            }
        }
        unknownDestinations.values().removeIf(unknown -> unknown.tail() < beginning);
        changed();
        readUpTo(beginning);
        return all;
    }

    /** Deliveries in memory, of all addresses. */
    public int open() {
        int open = 0;
        for (Cursor cursor : cursors.values()) {
            open += cursor.open();
        }
        return open;
    }

    /** The offset to commit: every record before it is complete for every address. */
    long position() {
        long position = next;
        for (Cursor cursor : cursors.values()) {
            position = Math.min(position, cursor.position(next));
        }
        for (AddressProgress unknown : unknownDestinations.values()) {
            position = Math.min(position, unknown.first());
        }
        return position;
    }

    /** The offset and metadata to commit; empty: the group has committed the same already. */
    public Optional<OffsetAndMetadata> toCommit() {
        OffsetAndMetadata now = standing();
        return now.equals(committed) ? Optional.empty() : Optional.of(now);
    }

    /** The progress of every address before this offset, at which the log ends now. */
    public PartitionProgress progressBefore(long end) {
        Map<Long, AddressProgress> progress = new LinkedHashMap<>(unknownDestinations);
        cursors.forEach((key, cursor) -> progress.put(key, cursor.progress(next)));
        progress.replaceAll((key, each) -> each.before(end));
        return new PartitionProgress(progress);
    }

    /** The current position, and the progress beyond it as metadata. */
    public OffsetAndMetadata standing() {
        // the position first: a delivery that ends meanwhile may lie before it, an open one never does
        long position = position();
        Map<Long, AddressProgress> progress = new LinkedHashMap<>();
        // unknown addresses first: an address that does not fit into the metadata restarts at the position. A
        // dispatcher that knows the unknown address may take over before that backlog has reached the position
        progress.putAll(unknownDestinations);
        cursors.forEach((key, cursor) -> progress.put(key, cursor.progress(next)));
        return new OffsetAndMetadata(position, snapshots.metadata(new PartitionProgress(progress), position));
    }

    public void committed(OffsetAndMetadata stored) {
        committed = stored;
        changed();
        snapshots.committed(stored.metadata(), stored.offset());
    }

    /** Whether to scan the partition for a commit now: less often with many blocked lanes. */
    public boolean isToBeScanned(long nanos) {
        int lanes = 0;
        for (Cursor cursor : cursors.values()) {
            lanes += cursor.lanes().size();
        }
        if (lanes < MANY_LANES) {
            return true;
        }
        boolean due = nanos - scanNotBefore >= 0;
        scanNotBefore = due ? nanos + BETWEEN_LONG_SCANS : scanNotBefore;
        return due;
    }

    public void beginTurn() {
        readInTurn = 0;
    }

    /** Counts records that the group consumer has read in this turn. */
    public void brought(int records) {
        readInTurn += records;
    }

    public boolean hadItsTurn() {
        return readInTurn >= TURN;
    }

    public Pause paused() {
        return pause;
    }

    public boolean isPaused() {
        return pause != Pause.NONE;
    }

    /** Whether the group consumer does not read the partition now, for any reason. */
    public boolean rests() {
        return isPaused() || setAside || awaitsPosition;
    }

    /** Sets whether the partition is set aside, since Kafka's client cannot read it. */
    public void setAside(boolean now) {
        setAside = now;
    }

    /** Sets whether the partition waits for a new fetch position, since its log does not hold {@link #next}. */
    public void awaitsPosition(boolean now) {
        awaitsPosition = now;
    }

    public void paused(Pause now) {
        pause = now;
    }

    @Override
    public String toString() {
        return partition.toString();
    }
}
