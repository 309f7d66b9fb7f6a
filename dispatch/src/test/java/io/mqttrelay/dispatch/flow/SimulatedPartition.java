package io.mqttrelay.dispatch.flow;

import io.mqttrelay.dispatch.consume.ConsumerLoop;
import io.mqttrelay.dispatch.consume.TakesAll;
import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.CatchUpScan;
import io.mqttrelay.dispatch.position.Cursor;
import io.mqttrelay.dispatch.position.OffsetState;
import io.mqttrelay.dispatch.position.RecordContext;
import io.mqttrelay.dispatch.position.TestApps;
import io.mqttrelay.dispatch.window.AppWindows;
import io.mqttrelay.dispatch.window.ConsumedApp;
import io.mqttrelay.dispatch.window.Memory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** One assignment of a partition, driven by a test instead of the consumer thread and its two consumers. */
public final class SimulatedPartition {
    /** A dispatcher's app, with room for this many deliveries of one address in one partition. */
    public static final class App {
        private final AppWindows windows;
        private final int most;

        public App(ConsumedApp app, int most) {
            this.windows = new AppWindows(app, new Memory(Long.MAX_VALUE / 4), 1);
            this.most = most;
        }

        /** Replaces the app's addresses. */
        public void become(ConsumedApp app) {
            windows.become(app, 1);
        }

        public AppWindows windows() {
            return windows;
        }
    }

    private final Assignment assignment;
    private final ConsumerLoop.Records records;
    private final LaneBlocking blocking;
    private final PausePolicy pausePolicy;
    private final WindowPolicy policy;
    private CatchUpScan scan;

    /** Makes a partition whose records are handed over by {@link #take} only. */
    public SimulatedPartition(TopicPartition partition, App app) {
        this(partition, app, new OffsetAndMetadata(0), new TakesAll() {
            @Override
            public void accept(ConsumerRecord<byte[], byte[]> record, RecordContext context) {
                throw new AssertionError("nothing is handed over");
            }
        });
    }

    /** Begins at the group's committed offset, with the progress of its metadata. */
    public SimulatedPartition(
            TopicPartition partition, App app, OffsetAndMetadata stored, ConsumerLoop.Records records) {
        this(TestApps.assignment(partition, app.windows, stored.offset(), stored), app, records, System::nanoTime);
    }

    private SimulatedPartition(Assignment assignment, App app, ConsumerLoop.Records records, LongSupplier clock) {
        this.assignment = assignment;
        this.records = records;
        this.policy = new WindowPolicy(app.most, records.destinations(), clock, Duration.ZERO);
        this.blocking = new LaneBlocking(policy, records.destinations());
        this.pausePolicy = new PausePolicy(policy, records.destinations());
        this.scan = new CatchUpScan(assignment, policy);
        if (!assignment.isAnybodyInStep()) {
            assignment.paused(Assignment.Pause.FULL);
        }
    }

    /** Applies added or removed addresses. */
    public void changed(App app) {
        app.windows.addresses().forEach(assignment::add);
        scan = new CatchUpScan(assignment, policy);
    }

    public Assignment assignment() {
        return assignment;
    }

    /** Reads on with the group consumer. */
    public boolean read(List<ConsumerRecord<byte[], byte[]>> log, long beginning, int most) {
        if (assignment.isPaused() || assignment.next() < beginning) {
            return false;
        }
        List<ConsumerRecord<byte[], byte[]>> polled = from(log, assignment.next(), most);
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            assignment.readUpTo(record.offset() + 1);
            records.accept(record, new RecordContext(assignment, null, record.offset(), 0, 1));
        }
        records.accepted();
        return !polled.isEmpty();
    }

    /** Reads on with the catch-up consumer. */
    public boolean readAgain(List<ConsumerRecord<byte[], byte[]>> log, long beginning, int most) {
        if (!scan.plan()) {
            return false;
        }
        if (scan.position() < beginning) {
            scan = new CatchUpScan(assignment, policy);
            return true;
        }
        List<ConsumerRecord<byte[], byte[]>> polled = from(log, scan.position(), most);
        long position = polled.isEmpty()
                ? assignment.next()
                : polled.get(polled.size() - 1).offset() + 1;
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            if (!scan.comesTo(record.offset())) {
                break;
            }
            records.accept(record, new RecordContext(assignment, scan, record.offset(), 0, 1));
            scan.readUpTo(record.offset() + 1);
        }
        records.accepted();
        scan.readUpTo(position);
        return true;
    }

    private static List<ConsumerRecord<byte[], byte[]>> from(
            List<ConsumerRecord<byte[], byte[]>> log, long offset, int most) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : log) {
            if (record.offset() >= offset && found.size() < most) {
                found.add(record);
            }
        }
        return found;
    }

    /** Reads one record with the group consumer; the caller delivers it to this address. */
    public OffsetState take(ConsumerRecord<byte[], byte[]> record, long address) {
        assignment.readUpTo(record.offset() + 1);
        return new RecordContext(assignment, null, record.offset(), 0, 1).take(address, null);
    }

    /** Marks deliveries of this address that were dropped from memory as unread. */
    public void takeBack(long address) {
        assignment.cursor(address).takeBack(assignment.next());
    }

    /** Pauses and resumes, and leaves addresses behind. */
    public void applyPolicies() {
        blocking.step(assignment);
        pausePolicy.apply(assignment);
    }

    /** Lets retention delete everything before this offset; returns the lost records by the key of the address. */
    public void beginsAt(long beginning, Map<Long, Long> lost) {
        for (Assignment.Lost each : assignment.beginsAt(beginning)) {
            lost.merge(each.cursor().window().key(), each.count(), Long::sum);
        }
    }

    /** The offset that would be committed now, if anything has changed. */
    public Optional<OffsetAndMetadata> toCommit() {
        Optional<OffsetAndMetadata> moved = assignment.toCommit();
        moved.ifPresent(assignment::committed);
        return moved;
    }

    public void end() {
        assignment.end();
    }

    /** Whether no delivery is going out. */
    public boolean isQuiet() {
        try {
            return assignment.awaitQuiet(0);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Deliveries in memory. */
    public int open() {
        return assignment.open();
    }

    /** Deliveries that wait for their next attempt. */
    public int waiting() {
        List<OffsetState> waiting = new ArrayList<>();
        for (Cursor cursor : assignment.cursors()) {
            cursor.forEachOpen(state -> {
                if (state.waitNanos() > 0) {
                    waiting.add(state);
                }
            });
        }
        return waiting.size();
    }

    /** Bytes that the app's messages hold. */
    public long heldBytes() {
        long bytes = 0;
        for (Cursor cursor : assignment.cursors()) {
            bytes += cursor.window().memory().bytes();
        }
        return bytes;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(assignment + " next " + assignment.next() + ", pass " + scan);
        for (Cursor cursor : assignment.cursors()) {
            text.append(", ").append(cursor.window()).append(cursor.isInStep() ? " in step" : " behind at ");
            text.append(cursor.first(assignment.next())).append(" open ").append(cursor.open());
            text.append(" blocked ").append(cursor.blockedLanes());
        }
        return text.toString();
    }
}
