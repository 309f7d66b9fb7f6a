package io.mqttrelay.dispatch.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.destination.Batch;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Deliveries submitted after a batch was taken back go out, in the lanes that the batch had. */
final class TakenBackTest {
    private static final class Item implements Queued {
        private final LaneAddress address;
        private final String name;
        private List<? extends Queued> together = List.of(this);

        Item(LaneAddress address, String name) {
            this.address = address;
            this.name = name;
        }

        @Override
        public LaneAddress address() {
            return address;
        }

        @Override
        public Object scope() {
            return "scope";
        }

        /** One lane for each first letter. */
        @Override
        public @Nullable String orderKey() {
            return name.substring(0, 1);
        }

        @Override
        public boolean alone() {
            return false;
        }

        @Override
        public List<? extends Queued> together() {
            return together;
        }

        @Override
        public void startsWith(List<? extends Queued> all) {
            together = all;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private final LaneAddress address = new LaneAddress(4, Pace.FREE, new Batch(2, 1000, Duration.ZERO));
    private final ArrayDeque<Item> out = new ArrayDeque<>();
    private final Lanes<Item> lanes = new Lanes<>(10, out::addLast, (nanos, task) -> {});

    private void submit(String... names) {
        lanes.submit(
                List.of(names).stream().map(name -> new Item(address, name)).toList());
    }

    private Item restingBatch() {
        submit("a1", "b1");
        Item first = out.removeFirst();
        assertThat(first.together()).hasToString("[a1, b1]");
        assertThat(lanes.rest(first)).isEmpty();
        return first;
    }

    private void nextGoesOut() {
        submit("a2", "b2");
        assertThat(out).hasSize(1);
        assertThat(out.removeFirst().together()).hasToString("[a2, b2]");
    }

    @Test
    void nothingOvertakesADeliveryThatRestsAgainAndIsTakenBack() {
        submit("a1");
        Item first = out.removeFirst();
        assertThat(lanes.rest(first)).isEmpty();
        submit("a2");
        lanes.hold(address);
        lanes.resume(first);

        assertThat(lanes.unload(address, "scope", Set.of("a"))).hasToString("[a2]");
        lanes.release(address);
        assertThat(out.removeFirst()).isSameAs(first);
        assertThat(lanes.rest(first)).isEmpty();
        lanes.takenBack(first);
        assertThat(out).isEmpty();
        assertThat(address.isEmpty()).isTrue();
    }

    @Test
    void aBatchThatRestsHoldsNothingUpAfterwards() {
        Item resting = restingBatch();
        assertThat(lanes.retire(address, "scope")).isEmpty();
        lanes.takenBack(resting);
        nextGoesOut();
    }

    @Test
    void aBatchThatWasToGoOutAgainHoldsNothingUpAfterwards() {
        Item resting = restingBatch();
        lanes.hold(address);
        lanes.resume(resting);
        assertThat(lanes.retire(address, "scope")).hasToString("[a1, b1]");
        lanes.release(address);
        nextGoesOut();
    }
}
