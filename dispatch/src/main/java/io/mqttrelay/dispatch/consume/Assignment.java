package io.mqttrelay.dispatch.consume;

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
 * One stay of one partition at this dispatcher, from assignment to revocation. When the partition comes back it is another
 * assignment: what ends late for this one touches nothing of that.
 */
public final class Assignment {
    /** Why the group's consumer does not read on. */
    enum Pause {
        /** It does. */
        NONE,
        /** It has had its turn, and others have not yet. */
        TURN,
        /** Every address has enough that could go out: more would only lie in memory. */
        ENOUGH,
        /** As much as may be in memory is, or there is nobody to read for. */
        FULL
    }

    /** Records, before it is another's turn: Kafka's consumer would read all that it has fetched of one partition. */
    static final int TURN = 200;

    private final TopicPartition partition;
    private final AppWindows app;

    private volatile boolean ended;
    private int begun; // guarded by this

    // consumer thread
    private final Map<Long, Cursor> cursors = new LinkedHashMap<>();
    /** Of addresses that the configuration does not know: carried along. */
    private final Map<Long, AddressProgress> strangers;

    /** What the group's consumer reads next. */
    private long next;

    private @Nullable OffsetAndMetadata committed;
    private Pause pause = Pause.NONE;
    private int readInTurn;

    /**
     * @param position the group's stored position, or where the partition begins
     * @param committed what the group has stored; null: nothing
     */
    Assignment(TopicPartition partition, AppWindows app, long position, @Nullable OffsetAndMetadata committed) {
        this.partition = partition;
        this.app = app;
        this.committed = committed;
        this.next = position;
        Progress progress = committed == null ? Progress.none() : ProgressCodec.decode(committed.metadata(), position);
        strangers = new LinkedHashMap<>(progress.addresses());
        for (AddressWindow window : app.addresses()) {
            AddressProgress known = progress.of(window.key(), position);
            strangers.remove(window.key());
            cursors.put(window.key(), new Cursor(this, window, known));
            next = Math.max(next, known.tail());
        }
        meet(cursor -> true);
    }

    /** An address more: one that is new begins at the position, as after a restart. */
    void add(AddressWindow window) {
        if (!cursors.containsKey(window.key())) {
            AddressProgress known = strangers.remove(window.key());
            cursors.put(
                    window.key(),
                    new Cursor(this, window, known == null ? AddressProgress.beginningAt(position()) : known));
        }
    }

    public TopicPartition partition() {
        return partition;
    }

    /** The app whose topic the partition is of. */
    public String appId() {
        return app.appId();
    }

    /** False once the partition was taken away. Any thread. */
    public boolean isCurrent() {
        return !ended;
    }

    /**
     * Deliveries go out: until {@link #pause} the partition is not given away under them. Any thread.
     *
     * @return false: the partition was taken away, nothing of it may be sent any more
     */
    public synchronized boolean begin(int deliveries) {
        if (ended) {
            return false;
        }
        begun += deliveries;
        return true;
    }

    /** A delivery is durable, or waits to be tried again. Any thread, once for each that began. */
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
    void end() {
        synchronized (this) {
            ended = true;
        }
        cursors.values().forEach(Cursor::end);
    }

    Collection<Cursor> cursors() {
        return cursors.values();
    }

    /** Null: no address of the app has this key. */
    @Nullable
    Cursor cursor(long key) {
        return cursors.get(key);
    }

    long next() {
        return next;
    }

    /** The group's consumer has been through everything before this offset, or Kafka has nothing there any more. */
    void readUpTo(long offset) {
        next = Math.max(next, offset);
    }

    /** Whoever has nothing unread before {@link #next}, and room for what comes there, falls into step. */
    void meet(Predicate<Cursor> hasRoom) {
        for (Cursor cursor : cursors.values()) {
            if (!cursor.isInStep() && cursor.window().isConfigured() && hasRoom.test(cursor)) {
                cursor.meet(next);
            }
        }
    }

    /** Whether a catch-up pass has somebody to serve. */
    boolean isAnybodyBehind() {
        for (Cursor cursor : cursors.values()) {
            if (!cursor.isInStep() && cursor.window().isServed()) {
                return true;
            }
        }
        return false;
    }

    /** Whether there is somebody, served or not, whose backlog retention may delete. */
    boolean isAnybodyLeft() {
        return !strangers.isEmpty() || cursors.values().stream().anyMatch(cursor -> !cursor.isInStep());
    }

    /** Whether there is anybody for whom the group's consumer is to read on. */
    boolean isAnybodyInStep() {
        for (Cursor cursor : cursors.values()) {
            if ((cursor.isInStep() || cursor.isAhead(next))
                    && cursor.window().isServed()
                    && !cursor.window().isNobody()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Offsets that retention deleted before an address had got them.
     *
     * @param count among them those of other routes' records, and gaps
     */
    record Lost(Cursor cursor, long count) {}

    /**
     * The log begins at this offset now.
     *
     * @return who has lost something with that
     */
    List<Lost> beginsAt(long beginning) {
        cursors.values().removeIf(cursor -> cursor.endsLeftBehind(beginning));
        List<Lost> all = new ArrayList<>();
        for (Cursor cursor : cursors.values()) {
            long lost = cursor.isInStep() ? Math.max(0, beginning - next) : cursor.lost(beginning);
            if (lost > 0 && !cursor.window().isNobody() && cursor.window().isConfigured()) {
                all.add(new Lost(cursor, lost));
            }
        }
        strangers.values().removeIf(stranger -> stranger.tail() <= beginning);
        readUpTo(beginning);
        return all;
    }

    /** Deliveries in memory. */
    int open() {
        int open = 0;
        for (Cursor cursor : cursors.values()) {
            open += cursor.open();
        }
        return open;
    }

    /** The lowest cursor: what lies before it, everybody has got. */
    long position() {
        long position = next;
        for (Cursor cursor : cursors.values()) {
            position = Math.min(position, cursor.position(next));
        }
        for (AddressProgress stranger : strangers.values()) {
            position = Math.min(position, stranger.first());
        }
        return position;
    }

    /** The position, and what is known beyond it, if the group has not stored just that. */
    Optional<OffsetAndMetadata> toCommit() {
        OffsetAndMetadata now = standing();
        return now.equals(committed) ? Optional.empty() : Optional.of(now);
    }

    /** The position, and what is known beyond it. */
    OffsetAndMetadata standing() {
        // the position first: what is done meanwhile may lie before it, what is open never
        long position = position();
        Map<Long, AddressProgress> progress = new LinkedHashMap<>();
        // strangers first: for whom there is no room begins at the position, which a stranger's backlog may not have
        // reached
        // when a dispatcher takes over that knows it
        progress.putAll(strangers);
        cursors.forEach((key, cursor) -> progress.put(key, cursor.progress(next)));
        return new OffsetAndMetadata(position, ProgressCodec.encode(new Progress(progress), position));
    }

    void committed(OffsetAndMetadata stored) {
        committed = stored;
    }

    void beginTurn() {
        readInTurn = 0;
    }

    /** The group's consumer has brought so many records. */
    void brought(int records) {
        readInTurn += records;
    }

    boolean hadItsTurn() {
        return readInTurn >= TURN;
    }

    Pause paused() {
        return pause;
    }

    boolean isPaused() {
        return pause != Pause.NONE;
    }

    void paused(Pause now) {
        pause = now;
    }

    @Override
    public String toString() {
        return partition.toString();
    }
}
