package io.mqttrelay.dispatch.consume;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** One stay of a partition at a dispatcher, in the hands of a test instead of the consumer thread and its two consumers. */
public final class SimulatedPartition {
    /** A dispatcher's app, with room for so many deliveries of one address in one partition. */
    public static final class App {
        private final AppWindows windows;
        private final int most;

        public App(ConsumedApp app, int most) {
            this.windows = new AppWindows(app, new Memory(Long.MAX_VALUE / 4), 1);
            this.most = most;
        }

        /** Its addresses are others from now on. */
        void become(ConsumedApp app) {
            windows.become(app, 1);
        }

        AppWindows windows() {
            return windows;
        }
    }

    private final Assignment assignment;
    private final ConsumerLoop.Records records;
    private final Balance balance;
    private final Room room;
    private Pass pass;

    /** Begins where the group's stored position says, and knows what was stored with it. */
    public SimulatedPartition(
            TopicPartition partition, App app, OffsetAndMetadata stored, ConsumerLoop.Records records) {
        this.assignment = new Assignment(partition, app.windows, stored.offset(), stored);
        this.records = records;
        this.room = new Room(app.most, records);
        this.balance = new Balance(room, records::unload);
        this.pass = new Pass(assignment, room);
        if (!assignment.isAnybodyInStep()) {
            assignment.paused(Assignment.Pause.FULL);
        }
    }

    /** Addresses came or went. */
    void changed(App app) {
        app.windows.addresses().forEach(assignment::add);
        pass = new Pass(assignment, room);
    }

    public Assignment assignment() {
        return assignment;
    }

    /**
     * The group's consumer reads on.
     *
     * @param beginning where retention has left the log's first record
     * @return false: it is paused, or has read everything
     */
    public boolean read(List<ConsumerRecord<byte[], byte[]>> log, long beginning, int most) {
        if (assignment.isPaused() || assignment.next() < beginning) {
            return false;
        }
        List<ConsumerRecord<byte[], byte[]>> polled = from(log, assignment.next(), most);
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            assignment.readUpTo(record.offset() + 1);
            records.accept(record, new Reading(assignment, null, record.offset(), 0, 1));
        }
        records.accepted();
        return !polled.isEmpty();
    }

    /**
     * The catch-up consumer reads on.
     *
     * @return false: there is nobody to read for
     */
    public boolean readAgain(List<ConsumerRecord<byte[], byte[]>> log, long beginning, int most) {
        if (!pass.plan()) {
            return false;
        }
        if (pass.position() < beginning) {
            pass = new Pass(assignment, room);
            return true;
        }
        List<ConsumerRecord<byte[], byte[]>> polled = from(log, pass.position(), most);
        long position = polled.isEmpty()
                ? assignment.next()
                : polled.get(polled.size() - 1).offset() + 1;
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            if (!pass.comesTo(record.offset())) {
                break;
            }
            records.accept(record, new Reading(assignment, pass, record.offset(), 0, 1));
            pass.readUpTo(record.offset() + 1);
        }
        records.accepted();
        pass.readUpTo(position);
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

    /** Pauses, resumes, leaves behind. */
    public void strikeBalance() {
        balance.strike(assignment);
    }

    /** Retention has deleted what lies before; what is lost with that, by the key of the address. */
    public void beginsAt(long beginning, Map<Long, Long> lost) {
        for (Assignment.Lost each : assignment.beginsAt(beginning)) {
            lost.merge(each.cursor().window().key(), each.count(), Long::sum);
        }
    }

    /** What would be committed now, if anything has changed. */
    public Optional<OffsetAndMetadata> toCommit() {
        Optional<OffsetAndMetadata> moved = assignment.toCommit();
        moved.ifPresent(assignment::committed);
        return moved;
    }

    public void end() {
        assignment.end();
    }

    /** Whether nothing of it is going out. */
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

    /** Bytes that its app's messages hold. */
    public long heldBytes() {
        long bytes = 0;
        for (Cursor cursor : assignment.cursors()) {
            bytes += cursor.window().memory().bytes();
        }
        return bytes;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(assignment + " next " + assignment.next() + ", pass " + pass);
        for (Cursor cursor : assignment.cursors()) {
            text.append(", ").append(cursor.window()).append(cursor.isInStep() ? " in step" : " behind at ");
            text.append(cursor.first(assignment.next())).append(" open ").append(cursor.open());
        }
        return text.toString();
    }
}
