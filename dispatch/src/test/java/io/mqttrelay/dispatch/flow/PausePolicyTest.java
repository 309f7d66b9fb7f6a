package io.mqttrelay.dispatch.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.dispatch.consume.TakesAll;
import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.CatchUpScan;
import io.mqttrelay.dispatch.position.Cursor;
import io.mqttrelay.dispatch.position.RecordContext;
import io.mqttrelay.dispatch.position.TestApps;
import io.mqttrelay.dispatch.progress.AddressProgress;
import io.mqttrelay.dispatch.progress.PartitionProgress;
import io.mqttrelay.dispatch.progress.ProgressCodec;
import io.mqttrelay.dispatch.window.AppWindows;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Which addresses of a partition fall behind, and whether the group consumer reads on. */
final class PausePolicyTest {
    private static final long KEY = 7;
    private static final long OTHER = 8;
    private static final String BAD = "bad";

    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    private final Set<Long> provided = new HashSet<>();
    private final TakesAll records = new TakesAll() {
        @Override
        public void accept(ConsumerRecord<byte[], byte[]> record, RecordContext context) {}

        @Override
        public boolean hasEnough(long address) {
            return provided.contains(address);
        }

        @Override
        public void unload(Assignment assignment, long address) {
            throw new AssertionError("it would be read again without end");
        }
    };
    private final WindowPolicy policy = new WindowPolicy(1000, records, System::nanoTime, Duration.ZERO);

    /**
     * Makes an assignment with one address ahead of the group consumer, as after the address was removed from the
     * configuration and added again.
     */
    private static Assignment withOneAhead(AppWindows windows, long... keys) {
        Map<Long, AddressProgress> stored = new LinkedHashMap<>();
        stored.put(KEY, AddressProgress.beginningAt(1000));
        stored.put(OTHER, AddressProgress.beginningAt(200));
        Assignment assignment = TestApps.assignment(
                PARTITION,
                windows,
                200,
                new OffsetAndMetadata(200, ProgressCodec.encode(new PartitionProgress(stored), 200)));
        windows.become(TestApps.app("app", keys), 1);
        windows.addresses().forEach(assignment::add);
        return assignment;
    }

    @Test
    void readsOnForAnAddressAheadOfTheConsumer() {
        Assignment assignment = withOneAhead(TestApps.windows(TestApps.app("app", OTHER)), OTHER, KEY);
        provided.add(OTHER);
        new PausePolicy(policy, records).apply(assignment);
        assertThat(assignment.paused()).isEqualTo(Assignment.Pause.NONE);

        provided.add(KEY);
        new PausePolicy(policy, records).apply(assignment);
        assertThat(assignment.paused()).isEqualTo(Assignment.Pause.ENOUGH);
    }

    @Test
    void readsOnForASingleAddressAheadOfTheConsumer() {
        AppWindows windows = TestApps.windows(TestApps.app("app", OTHER));
        Assignment assignment = withOneAhead(windows, OTHER, KEY);
        windows.addresses().stream().filter(window -> window.key() == OTHER).forEach(window -> window.served(false));
        assertThat(assignment.isAnybodyInStep()).isTrue();
        new PausePolicy(policy, records).apply(assignment);
        assertThat(assignment.paused()).isEqualTo(Assignment.Pause.NONE);
    }

    @Test
    void aFullAddressKeepsTheRecordReadForItsBlockedLane() {
        AppWindows two = TestApps.windows(TestApps.app("app", KEY, OTHER));
        Assignment shared = TestApps.assignment(PARTITION, two, 0, null);
        Cursor full = shared.cursor(KEY);
        shared.readUpTo(2);
        new RecordContext(shared, null, 0, 0, 1).take(KEY, BAD).unload();
        full.blockLanes(0);
        CatchUpScan again = new CatchUpScan(shared, policy);
        assertThat(again.plan()).isTrue();
        assertThat(new RecordContext(shared, again, 0, 0, 1).take(KEY, BAD)).isNotNull();

        new PausePolicy(new WindowPolicy(1, records, System::nanoTime, Duration.ZERO), records).apply(shared);

        assertThat(shared.paused()).as("the other address goes on").isEqualTo(Assignment.Pause.NONE);
        assertThat(full.isInStep()).isFalse();
        assertThat(full.open()).isEqualTo(1);
    }
}
