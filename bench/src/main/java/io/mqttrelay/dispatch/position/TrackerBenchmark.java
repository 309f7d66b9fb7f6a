package io.mqttrelay.dispatch.position;

import io.mqttrelay.dispatch.window.AppWindows;
import io.mqttrelay.dispatch.window.ConsumedAddress;
import io.mqttrelay.dispatch.window.ConsumedApp;
import io.mqttrelay.dispatch.window.Memory;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Measures the tracking of deliveries until they are done, and the computation of an offset commit. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TrackerBenchmark {
    private static final long KEY = 42;

    /** Deliveries of the partition that are in memory and not done. */
    @Param({"128", "2048"})
    public int open = 128;

    private Partition partition = new Partition(0);

    private static final class Partition {
        private final Assignment assignment;
        private final ArrayDeque<Receipt> receipts = new ArrayDeque<>();
        private long offset;

        private Partition(int open) {
            ConsumedAddress address = new ConsumedAddress(KEY, "app: callback", "http://callback", true);
            AppWindows app =
                    new AppWindows(new ConsumedApp("app", List.of(address)), new Memory(Long.MAX_VALUE / 4), 1);
            assignment = new Assignment(new TopicPartition("t", 0), app, 0, null);
            assignment.meet(cursor -> true);
            for (int i = 0; i < open; i++) {
                read();
            }
        }

        /**
         * Reads a record. Every second delivery is done before the one before it, so that there is state beyond the
         * committed offset.
         */
        private void read() {
            assignment.readUpTo(offset + 1);
            Receipt receipt = new Reading(assignment, null, offset++, 0, 256).take(KEY);
            if (receipt == null) {
                throw new IllegalStateException("not in step");
            }
            receipts.addLast(receipt);
        }
    }

    /** Creates a partition with this number of open deliveries. */
    @Setup
    public void make() {
        partition = new Partition(open);
    }

    /** Reads two records and completes two deliveries in memory, the younger first. */
    @Benchmark
    @OperationsPerInvocation(2)
    public @Nullable Object readAndDone() {
        partition.read();
        partition.read();
        Receipt elder = partition.receipts.removeFirst();
        partition.receipts.removeFirst().done();
        elder.done();
        return elder;
    }

    /** Reads one more record and computes the commit. */
    @Benchmark
    public Optional<OffsetAndMetadata> commit() {
        partition.read();
        partition.receipts.removeFirst().done();
        return partition.assignment.toCommit();
    }
}
