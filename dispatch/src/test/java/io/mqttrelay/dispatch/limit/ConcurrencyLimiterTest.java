package io.mqttrelay.dispatch.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.dispatch.lane.LaneAddress;
import io.mqttrelay.dispatch.lane.Lanes;
import io.mqttrelay.dispatch.lane.Pace;
import io.mqttrelay.dispatch.lane.Queued;
import io.mqttrelay.testkit.time.ManualClock;
import io.mqttrelay.testkit.time.ManualScheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Calls are limited if processors are short, and only then. The lanes, the limit and the timing are the real ones.
 * Processors and callbacks are simulated: two processors serve the ready tasks one after another.
 */
final class ConcurrencyLimiterTest {
    private static final int PROCESSORS = 2;
    private static final int MOST = 1024;
    private static final Duration COST = Duration.ofNanos(200_000);
    private static final double CALLS_A_SECOND = PROCESSORS * 1e9 / COST.toNanos();

    private record Item(LaneAddress address) implements Queued {
        @Override
        public Object scope() {
            return address;
        }

        @Override
        public @Nullable String orderKey() {
            return null;
        }
    }

    private final ManualClock clock = ManualClock.create();
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final Lanes<Item> lanes =
            new Lanes<>(MOST, this::ready, (nanos, task) -> after(Duration.ofNanos(nanos), task));
    private final Map<LaneAddress, Supplier<Duration>> latencies = new HashMap<>();
    private final Map<LaneAddress, Integer> answered = new HashMap<>();

    // the processors
    private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
    private int busy;

    // the measurements
    private long probeSum;
    private int probes;

    private void run(Runnable job) {
        queue.add(job);
        serve();
    }

    private void serve() {
        if (busy < PROCESSORS && !queue.isEmpty()) {
            busy++;
            Runnable job = queue.remove();
            after(COST, () -> {
                busy--;
                job.run();
                serve();
            });
        }
    }

    private void after(Duration time, Runnable task) {
        var unused = scheduler.schedule(task, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Begins a call; its callback answers, and a processor continues. */
    private void ready(Item item) {
        run(() -> send(item));
    }

    private void send(Item item) {
        after(
                latencies.get(item.address).get(),
                () -> run(() -> {
                    answered.merge(item.address, 1, Integer::sum);
                    lanes.submit(List.of(new Item(item.address))); // the backlog is endless
                    lanes.ended(item).ifPresent(this::send);
                }));
    }

    private LaneAddress address(int limit, Supplier<Duration> latency) {
        LaneAddress address = new LaneAddress(limit, Pace.FREE, null);
        latencies.put(address, latency);
        lanes.expect(address);
        return address;
    }

    private void backlog(LaneAddress address) {
        for (int i = 0; i < 2 * MOST; i++) {
            lanes.submit(List.of(new Item(address)));
        }
    }

    private void restrain() {
        ConcurrencyLimiter.Waiting waiting = new ConcurrencyLimiter.Waiting() {
            @Override
            public void probe() {
                long sent = clock.nanoTime().getAsLong();
                queue.add(() -> {
                    probeSum += clock.nanoTime().getAsLong() - COST.toNanos() - sent;
                    probes++;
                });
                serve();
            }

            @Override
            public long mean() {
                long mean = probes == 0 ? 0 : probeSum / probes;
                probeSum = 0;
                probes = 0;
                return mean;
            }
        };
        new ConcurrencyLimiter(lanes, new CallLimit(MOST, PROCESSORS), waiting, scheduler, clock.nanoTime()).start();
    }

    private double rateOf(List<LaneAddress> addresses, Duration time) {
        int before = addresses.stream()
                .mapToInt(each -> answered.getOrDefault(each, 0))
                .sum();
        scheduler.advance(time);
        int after = addresses.stream()
                .mapToInt(each -> answered.getOrDefault(each, 0))
                .sum();
        return (after - before) * 1e9 / time.toNanos();
    }

    private static Supplier<Duration> always(Duration latency) {
        return () -> latency;
    }

    @Test
    void quickCallbacksHaveAsManyAsKeepTheProcessorsBusy() {
        LaneAddress quick = address(MOST, always(Duration.ofMillis(1)));
        backlog(quick);
        restrain();
        assertThat(lanes.running(quick)).isEqualTo(MOST);

        scheduler.advance(Duration.ofSeconds(2));

        assertThat(rateOf(List.of(quick), Duration.ofSeconds(1))).isGreaterThan(0.98 * CALLS_A_SECOND);
        assertThat(lanes.running(quick)).isBetween(32, 128);
    }

    @Test
    void slowCallbacksHaveAllTheyMayHave() {
        LaneAddress slow = address(800, always(Duration.ofMillis(200)));
        backlog(slow);
        restrain();

        for (int i = 0; i < 30; i++) {
            scheduler.advance(Duration.ofMillis(100));
            assertThat(lanes.running(slow)).isEqualTo(800);
        }
    }

    @Test
    void soDoTheyBesideQuickOnes() {
        LaneAddress quick = address(MOST, always(Duration.ofMillis(1)));
        backlog(quick);
        restrain();
        scheduler.advance(Duration.ofSeconds(2));
        assertThat(lanes.traffic().running()).isLessThan(200);

        LaneAddress slow = address(300, always(Duration.ofMillis(200)));
        backlog(slow);
        scheduler.advance(Duration.ofSeconds(2));

        for (int i = 0; i < 20; i++) {
            scheduler.advance(Duration.ofMillis(100));
            assertThat(lanes.running(slow)).isGreaterThan(290);
            assertThat(lanes.running(quick)).isLessThan(200);
        }
        assertThat(rateOf(List.of(quick, slow), Duration.ofSeconds(1))).isGreaterThan(0.98 * CALLS_A_SECOND);
    }

    /** Half of the answers come at once: calls that wait for the other half use no processor. */
    @Test
    void oneThatAnswersHalfOfThemLateKeepsItsCalls() {
        Random random = new Random(1);
        LaneAddress uneven = address(500, () -> Duration.ofMillis(random.nextBoolean() ? 1 : 400));
        backlog(uneven);
        restrain();
        scheduler.advance(
                Duration.ofSeconds(1)); // they began together, which was more than the processors had time for

        for (int i = 0; i < 30; i++) {
            scheduler.advance(Duration.ofMillis(100));
            assertThat(lanes.running(uneven)).isEqualTo(500);
        }
    }

    @Test
    void whenSomeHangTheOthersGoOn() {
        List<LaneAddress> quick = Stream.generate(() -> address(MOST, always(Duration.ofMillis(1))))
                .limit(10)
                .toList();
        quick.forEach(this::backlog);
        restrain();
        scheduler.advance(Duration.ofSeconds(2));
        assertThat(lanes.traffic().running()).isLessThan(200);

        List<LaneAddress> hanging = quick.subList(0, 7);
        List<LaneAddress> healthy = quick.subList(7, 10);
        hanging.forEach(each -> latencies.put(each, always(Duration.ofHours(1))));
        scheduler.advance(Duration.ofSeconds(1));

        for (int i = 0; i < 10; i++) {
            assertThat(rateOf(healthy, Duration.ofMillis(300))).isGreaterThan(0.95 * CALLS_A_SECOND);
        }
    }
}
