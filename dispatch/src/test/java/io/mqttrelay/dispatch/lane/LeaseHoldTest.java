package io.mqttrelay.dispatch.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LeaseHoldTest {
    private boolean fresh = true;
    private final List<Boolean> closed = new ArrayList<>();
    private final Deque<Runnable> later = new ArrayDeque<>();
    private final LeaseHold hold = new LeaseHold(() -> fresh, closed::add, (wait, task) -> later.add(task));

    @Test
    void doesNothingWhileTheLeaseIsFresh() {
        assertThat(hold.mayBegin()).isTrue();
        assertThat(closed).isEmpty();
        assertThat(later).isEmpty();
    }

    @Test
    void closesOnceHoweverManyDeliveriesAsk() {
        fresh = false;
        for (int i = 0; i < 16_000; i++) {
            assertThat(hold.mayBegin()).isFalse();
        }
        assertThat(closed).containsExactly(true);
        assertThat(later).hasSize(1);
    }

    @Test
    void opensAtTheFirstLookAfterTheLeaseIsFresh() {
        fresh = false;
        hold.mayBegin();
        later.remove().run();
        assertThat(closed).containsExactly(true);
        assertThat(later).hasSize(1);

        fresh = true;
        later.remove().run();
        assertThat(closed).containsExactly(true, false);
        assertThat(later).isEmpty();
        assertThat(hold.mayBegin()).isTrue();
    }
}
