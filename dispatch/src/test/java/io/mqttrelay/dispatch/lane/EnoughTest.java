package io.mqttrelay.dispatch.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.destination.Batch;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When so many deliveries of an address are ready that reading more would only fill memory. */
final class EnoughTest {
    private static final int LIMIT = 4;
    private static final int ENOUGH = 16 * LIMIT;

    private record Item(LaneAddress address, Object scope, String orderKey) implements Queued {
        @Override
        public boolean alone() {
            return false;
        }
    }

    private final LaneAddress address = new LaneAddress(LIMIT, Pace.FREE, null);
    private final Object scope = new Object();
    private final ArrayDeque<Item> out = new ArrayDeque<>();
    private final Lanes<Item> lanes = new Lanes<>(100, out::addLast, (nanos, task) -> {});

    private void submit(int count, int keys) {
        submit(address, count, keys);
    }

    private void submit(LaneAddress to, int count, int keys) {
        for (int i = 0; i < count; i++) {
            lanes.submit(List.of(new Item(to, scope, Integer.toString(i % keys))));
        }
    }

    /** Ends the calls that are in flight for longest, this many times. */
    private void end(int count) {
        for (int i = 0; i < count; i++) {
            Optional<Item> next = lanes.ended(out.removeFirst());
            next.ifPresent(out::addLast);
        }
    }

    @Test
    void untilHalfOfItIsGone() {
        submit(2 * LIMIT, 2 * LIMIT);
        assertThat(lanes.hasEnough(address)).isFalse();

        // each lane holds one more than the last round: half of the lanes are in flight, and their following deliveries
        // are not ready
        submit(4 * ENOUGH, 2 * LIMIT);
        assertThat(lanes.hasEnough(address)).isTrue();

        List<Boolean> answers = new ArrayList<>();
        while (!out.isEmpty()) {
            end(1);
            answers.add(lanes.hasEnough(address));
        }
        assertThat(answers).startsWith(true).endsWith(false);
        int last = answers.lastIndexOf(true);
        assertThat(answers.subList(0, last)).containsOnly(true);
        assertThat(answers.size() - last).isBetween(ENOUGH / 2, 2 * ENOUGH);
    }

    @Test
    void manyDeliveriesInFewLanesAreNotEnough() {
        submit(100 * ENOUGH, LIMIT);
        assertThat(lanes.hasEnough(address)).isFalse();
    }

    @Test
    void anAddressThatIsHeldHasEnoughWithoutTakingAny() {
        lanes.hold(address);
        submit(ENOUGH, 2 * LIMIT);
        assertThat(out).isEmpty();
        assertThat(lanes.hasEnough(address)).isTrue();
    }

    @Test
    void fewerAreEnoughWhenMoreAddressesAreBusy() {
        LaneAddress big = new LaneAddress(40, Pace.FREE, null);
        submit(big, 40 + 200, 1000);
        assertThat(lanes.hasEnough(big)).isFalse(); // of 16 * 40, as long as it is alone

        for (int i = 0; i < 3; i++) {
            submit(new LaneAddress(LIMIT, Pace.FREE, null), 1, 1);
        }
        assertThat(lanes.hasEnough(big)).isTrue(); // of 160 where four are busy
    }

    @Test
    void fewerAreEnoughWhenFewerCallsAreAllowed() {
        LaneAddress big = new LaneAddress(40, Pace.FREE, null);
        submit(big, 40 + 200, 1000);
        assertThat(lanes.hasEnough(big)).isFalse(); // of 16 * 40

        lanes.allow(10);
        assertThat(lanes.hasEnough(big)).isTrue(); // of 16 * 10
    }

    @Test
    void eachBusyAddressWantsALeastNumber() {
        for (int i = 0; i < 50; i++) {
            submit(new LaneAddress(LIMIT, Pace.FREE, null), 1, 1);
        }
        submit(LIMIT + 31, 1000);
        assertThat(lanes.hasEnough(address)).isFalse();
        submit(LIMIT + 1, 1000); // the first of them follow deliveries in flight, and are not ready
        assertThat(lanes.hasEnough(address)).isTrue();
    }

    @Test
    void noFullBatchIsNotEnough() {
        LaneAddress batches = new LaneAddress(LIMIT, Pace.FREE, new Batch(50, 1_000_000, Duration.ofMillis(20)));
        for (int of = 0; of < 20; of++) {
            submitTo(batches, "scope" + of, 49);
        }
        assertThat(out).isEmpty();
        assertThat(lanes.hasEnough(batches)).isFalse();

        for (int of = 0; of < 20; of++) {
            submitTo(batches, "scope" + of, 1);
        }
        assertThat(out).hasSize(LIMIT);
        assertThat(lanes.hasEnough(batches)).isTrue();
    }

    @Test
    void aFewBatchesAreEnough() {
        LaneAddress batches = new LaneAddress(LIMIT, Pace.FREE, new Batch(50, 1_000_000, Duration.ofMillis(20)));
        for (int of = 0; of < LIMIT + 3; of++) {
            submitTo(batches, "scope" + of, 50);
        }
        assertThat(out).hasSize(LIMIT);
        assertThat(lanes.hasEnough(batches)).isFalse(); // of 4 * 50

        submitTo(batches, "another scope", 50);
        assertThat(lanes.hasEnough(batches)).isTrue();
    }

    private void submitTo(LaneAddress to, Object of, int count) {
        for (int i = 0; i < count; i++) {
            lanes.submit(List.of(new Item(to, of, "key" + i)));
        }
    }
}
