package io.mqttrelay.bench.micro;

import io.mqttrelay.dispatch.lane.LaneAddress;
import io.mqttrelay.dispatch.lane.Lanes;
import io.mqttrelay.dispatch.lane.Pace;
import io.mqttrelay.dispatch.lane.Queued;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Measures a delivery's way through the lanes: submitted, started, ended, and the next one taken. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LanesBenchmark {
    private static final int OUT = 128;
    private static final int WAITING = 2048;

    /** Number of order keys; 0: deliveries keep no order. */
    @Param({"0", "1000", "1000000"})
    public int keys = 1000;

    private final Object scope = new Object();
    private LaneAddress address = new LaneAddress(OUT, Pace.FREE, null);
    private ArrayDeque<Item> out = new ArrayDeque<>();
    private Lanes<Item> lanes = new Lanes<>(OUT, item -> {}, (nanos, task) -> {});
    private int number;

    private record Item(
            LaneAddress address, Object scope, @Nullable String orderKey) implements Queued {}

    /** Fills the window of calls in flight, with further deliveries behind it. */
    @Setup
    public void fill() {
        address = new LaneAddress(OUT, Pace.FREE, null);
        out = new ArrayDeque<>();
        lanes = new Lanes<>(OUT, out::addLast, (nanos, task) -> {});
        for (int i = 0; i < WAITING; i++) {
            submit();
        }
    }

    private void submit() {
        number++;
        lanes.submit(List.of(new Item(address, scope, keys == 0 ? null : "t/" + number % keys)));
    }

    /** Submits a delivery and ends one that is in flight. */
    @Benchmark
    public Optional<Item> submitAndEnd() {
        submit();
        Optional<Item> next = lanes.ended(out.removeFirst());
        next.ifPresent(out::addLast);
        return next;
    }
}
