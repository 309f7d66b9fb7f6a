package io.mqttrelay.dispatch.consume;

import io.mqttrelay.testkit.fakekafka.FakeKafka;
import io.mqttrelay.testkit.fakekafka.FakeLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Apps for tests that need the addresses only. */
final class TestApps {
    private TestApps() {}

    /** Makes an app with addresses of these keys. */
    static ConsumedApp app(String appId, long... keys) {
        List<ConsumedAddress> addresses = new ArrayList<>();
        for (long key : keys) {
            addresses.add(new ConsumedAddress(key, "app " + appId + ": callback " + key, "http://" + key, true));
        }
        return new ConsumedApp(appId, addresses);
    }

    /** Answers at once with the log ranges of this consumer. */
    static LogRanges.Source ranges(Consumer<?, ?> consumer) {
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
    static LogRanges.Source ranges(FakeKafka kafka) {
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
    static AppWindows windows(ConsumedApp app) {
        return new AppWindows(app, new Memory(Long.MAX_VALUE / 4), 1);
    }

    /** Reads a record for one address with the group consumer. */
    static Receipt read(Assignment assignment, long offset, int bytes, long key) {
        assignment.readUpTo(offset + 1);
        Receipt receipt = new Reading(assignment, null, offset, 0, bytes).take(key);
        if (receipt == null) {
            throw new IllegalStateException("not in step: " + key);
        }
        return receipt;
    }
}
