package io.mqttrelay.dispatch.position;

import io.mqttrelay.dispatch.place.LogRanges;
import io.mqttrelay.dispatch.progress.AddressProgress;
import io.mqttrelay.dispatch.window.AppWindows;
import io.mqttrelay.dispatch.window.ConsumedAddress;
import io.mqttrelay.dispatch.window.ConsumedApp;
import io.mqttrelay.dispatch.window.Memory;
import io.mqttrelay.testkit.fakekafka.FakeKafka;
import io.mqttrelay.testkit.fakekafka.FakeLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Apps for tests that need the addresses only. */
public final class TestApps {
    /** The key of unroutable records in commits. */
    public static final long UNROUTABLE = 0;

    private TestApps() {}

    /** Makes an app with addresses of these keys. */
    public static ConsumedApp app(String appId, long... keys) {
        List<ConsumedAddress> addresses = new ArrayList<>();
        for (long key : keys) {
            addresses.add(new ConsumedAddress(key, "app " + appId + ": callback " + key, "http://" + key, true));
        }
        return new ConsumedApp(appId, addresses);
    }

    /** Answers at once with the log ranges of this consumer. */
    public static LogRanges.Source ranges(Consumer<?, ?> consumer) {
        return partitions -> {
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Map<TopicPartition, LogRanges.Range> ranges = new HashMap<>();
            consumer.beginningOffsets(partitions)
                    .forEach((partition, beginning) -> ranges.put(
                            partition, new LogRanges.Range(beginning, ends.getOrDefault(partition, beginning))));
            return CompletableFuture.completedFuture(ranges);
        };
    }

    /** Answers at once with the log ranges of this Kafka. */
    public static LogRanges.Source ranges(FakeKafka kafka) {
        return partitions -> {
            Map<TopicPartition, LogRanges.Range> ranges = new HashMap<>();
            for (TopicPartition partition : partitions) {
                FakeLog log = kafka.log(partition);
                ranges.put(partition, new LogRanges.Range(log.beginning(), log.end()));
            }
            return CompletableFuture.completedFuture(ranges);
        };
    }

    /** Makes the windows of a single app at its dispatcher, with more memory than it can use. */
    public static AppWindows windows(ConsumedApp app) {
        return new AppWindows(app, new Memory(Long.MAX_VALUE / 4), 1);
    }

    /** Makes an assignment that writes no progress records. */
    public static Assignment assignment(
            TopicPartition partition, AppWindows app, long position, OffsetAndMetadata committed) {
        return new Assignment(partition, app, position, committed);
    }

    /** The progress of one address, with the group consumer at {@code next}. */
    public static AddressProgress progress(Cursor cursor, long next) {
        return cursor.progress(next);
    }

    /** Puts every cursor of the assignment in step that has nothing unread. */
    public static void meet(Assignment assignment) {
        assignment.meet(cursor -> true);
    }

    /** Whether a lane of the address is blocked. */
    public static boolean isBlocked(Cursor cursor, String orderKey) {
        return cursor.lanes().has(orderKey);
    }

    /** The offset of the delivery's record. */
    public static long offset(OffsetState state) {
        return state.offset();
    }

    /** Reads a record for one address with the group consumer. */
    public static OffsetState read(Assignment assignment, long offset, int bytes, long key) {
        assignment.readUpTo(offset + 1);
        OffsetState state = new RecordContext(assignment, null, offset, 0, bytes).take(key, null);
        if (state == null) {
            throw new IllegalStateException("not in step: " + key);
        }
        return state;
    }
}
