package io.mqttrelay.dispatch.deliver;

import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.lane.LaneAddress;
import io.mqttrelay.dispatch.lane.Queued;
import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.OffsetState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way to one address: its {@link State}, its attempts, and its place in a lane. At most one thread
 * has a delivery at any time, and only that thread changes its state; the lanes hand it from thread to thread. Any
 * thread may cancel its {@link #call}, end its wait by {@link #wake}, and read its state.
 *
 * <p>A batch is represented by its first delivery. Each delivery of a batch keeps a state of its own.
 */
public final class Delivery implements Queued {
    /** A delivery of an assignment that has ended keeps its state: no thread uses it any more. */
    public enum State {
        /** In its lane, not begun or to be sent again. */
        QUEUED,
        /** A call thread has it. */
        IN_FLIGHT,
        /** Waits for its next attempt. */
        WAITING_RETRY,
        /** Its outcome is decided; {@link Delivery#storing} tells whether that outcome is durable. */
        SETTLED,
        /** Dropped from memory: its record will be read again. */
        UNLOADED;

        boolean mayBecome(State next) {
            return switch (this) {
                case QUEUED -> next == IN_FLIGHT || next == UNLOADED;
                case IN_FLIGHT -> next == QUEUED || next == WAITING_RETRY || next == SETTLED;
                case WAITING_RETRY -> next == QUEUED;
                case SETTLED, UNLOADED -> false;
            };
        }
    }

    private final ConsumerRecord<byte[], byte[]> record;
    private final OffsetState offset;
    private final RelayMessage message;
    private final Target target;
    private final boolean replay;
    private final @Nullable String orderKey;
    private final long bytes;
    private final History history;
    private final CallInFlight call = new CallInFlight();

    private volatile State state = State.QUEUED; // written under the lock of this

    /** Whether the call that it represents waits for its next attempt; it may be settled itself. */
    private boolean resting; // guarded by this

    private @Nullable Future<?> timer; // guarded by this

    // passed on with the delivery, under the lock of the lanes
    private boolean alone;
    private List<Delivery> together = List.of(this);
    /** Null: its outcome is not decided. */
    private @Nullable Storing storing;

    private boolean decided;
    private @Nullable String undecided;

    /**
     * @param record the consumed record
     * @param offset of the record, for this address, with the failed attempts of earlier dispatchers
     * @param replay it is sent again on request: live deliveries go first
     */
    public Delivery(
            ConsumerRecord<byte[], byte[]> record,
            OffsetState offset,
            RelayMessage message,
            Target target,
            boolean replay) {
        this.record = record;
        this.offset = offset;
        this.message = message;
        this.target = target;
        this.replay = replay;
        this.orderKey = keyOf(message, target.destination().owner().ordering());
        this.history = new History(offset);
        boolean batches = target.destination().request().batch() != null;
        this.bytes = batches ? target.sink().batchBytes(message) : 0;
        this.alone = !batches || attempts() > 0; // all of a batch have the same earlier attempts
    }

    private static @Nullable String keyOf(RelayMessage message, Ordering ordering) {
        return switch (ordering) {
            case TOPIC -> message.topic();
            case APP -> "";
            case NONE -> null;
        };
    }

    /** Any thread. */
    public State state() {
        return state;
    }

    private synchronized void become(State next) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException("a delivery of " + offset + " is " + state + " and cannot be " + next);
        }
        state = next;
    }

    ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    OffsetState offset() {
        return offset;
    }

    Assignment assignment() {
        return offset.assignment();
    }

    public RelayMessage message() {
        return message;
    }

    public Target target() {
        return target;
    }

    /** Failed attempts so far that count. */
    public int attempts() {
        return history.counted();
    }

    /** When the first attempt failed, whether it counted or not, epoch milliseconds; 0: none has failed. */
    public long firstFailure() {
        return history.firstFailure();
    }

    /** Counts the message as delivered; for a replay the latency is not recorded. */
    void countDelivered(long epochMillis) {
        if (replay) {
            target.meters().deliveredAgain();
        } else {
            target.meters().delivered(epochMillis - message.receivedAt());
        }
    }

    /** Whether the condition has decided that the message is delivered; replays are delivered without one. */
    boolean isDecided() {
        return replay || decided;
    }

    void decided() {
        decided = true;
        undecided = null;
    }

    /** The condition took too long: the next attempt fails with this error, and the one after it asks again. */
    void undecided(String error) {
        undecided = error;
    }

    /** The error of a condition that took too long; null: none. */
    @Nullable
    String undecided() {
        return undecided;
    }

    History history() {
        return history;
    }

    /** The key of its lane within a partition, in every ordering: without order each message is a lane by itself. */
    String lane() {
        return orderKey == null ? message.id() : orderKey;
    }

    /** Marks it as taken by a call thread. */
    void begin() {
        become(State.IN_FLIGHT);
    }

    /** Marks it as waiting for its next attempt; ended by {@link #wake} of the first delivery of its call. */
    void waits(Duration wait) {
        become(State.WAITING_RETRY);
        offset.waits(wait.toNanos());
    }

    /**
     * Decides its outcome. It leaves its lane when the rest of its batch is decided, too.
     *
     * @return the wait until the outcome is durable
     */
    Storing settle() {
        become(State.SETTLED);
        Storing begun = new Storing(assignment());
        storing = begun;
        return begun;
    }

    /** Drops it from memory: its record will be read again. Consumer thread, which has taken it back from the lanes. */
    void unload() {
        become(State.UNLOADED);
        offset.unload();
    }

    boolean isSettled() {
        return state == State.SETTLED;
    }

    /** The wait until its outcome is durable; null: the outcome is not decided. */
    @Nullable
    Storing storing() {
        return storing;
    }

    /** Begins the wait of its call, until {@link #wake}: its waiting deliveries may be taken back from now on. */
    synchronized void rests() {
        resting = true;
    }

    /** Stores the timer's task that wakes it; without effect if it is awake already. */
    synchronized void wakesBy(Future<?> task) {
        timer = task;
    }

    /**
     * Ends the wait of its call; the caller that gets true has the call's deliveries from then on. The state of the
     * timer's task does not tell this: it may just be running.
     *
     * @return false: the call does not wait, or another caller has ended the wait
     */
    boolean wake() {
        synchronized (this) {
            if (!resting) {
                return false;
            }
            resting = false;
            if (timer != null) {
                timer.cancel(false); // no effect if the timer itself wakes it
            }
        }
        for (Delivery each : toSend()) {
            each.become(State.QUEUED);
            each.offset.waits(0);
        }
        return true;
    }

    CallInFlight call() {
        return call;
    }

    @Override
    public LaneAddress address() {
        return target.lanes();
    }

    @Override
    public Object scope() {
        return offset.assignment();
    }

    @Override
    public @Nullable String orderKey() {
        return orderKey;
    }

    @Override
    public boolean later() {
        return replay;
    }

    @Override
    public boolean alone() {
        return alone;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public List<Delivery> together() {
        return together;
    }

    @Override
    @SuppressWarnings("unchecked") // lanes hold no other type
    public void startsWith(List<? extends Queued> all) {
        together = (List<Delivery>) all;
    }

    /** Separates it from its batch: it goes out alone from now on, if it is still to be sent. */
    void goAlone() {
        alone = true;
        together = List.of(this);
        if (!isSettled()) {
            become(State.QUEUED);
        }
    }

    /** The deliveries of {@link #together} that are still to be sent. */
    List<Delivery> toSend() {
        for (Delivery each : together) {
            if (each.isSettled()) {
                return together.stream().filter(one -> !one.isSettled()).toList();
            }
        }
        return together; // the usual case: no copy
    }
}
