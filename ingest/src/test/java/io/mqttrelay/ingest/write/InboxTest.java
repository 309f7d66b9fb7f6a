package io.mqttrelay.ingest.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many tasks are left to gather, for a bounded time and while more arrive; few tasks run at once. */
class InboxTest {
    private static final long NO_PATIENCE = 0;

    private final List<Integer> done = new ArrayList<>();
    private int added;
    private int pauses;
    private int arriveInPause;
    private long now;
    private final Inbox inbox = new Inbox(this::pause, () -> now);

    private void pause(long nanos) {
        assertThat(nanos).isEqualTo(Inbox.PAUSE);
        pauses++;
        now += 2 * nanos; // a busy machine wakes up late
        arrive(arriveInPause);
    }

    private void arrive(int many) {
        for (int i = 0; i < many; i++) {
            int number = added++;
            inbox.add(() -> done.add(number));
        }
    }

    private void work() throws InterruptedException {
        inbox.work(NO_PATIENCE);
    }

    private void muchHasCome() throws InterruptedException {
        arrive(Inbox.MUCH);
        work();
        assertThat(pauses).isZero();
    }

    @Test
    void fewAreDoneAtOnce() throws InterruptedException {
        for (int turn = 0; turn < 100; turn++) {
            arrive(Inbox.MUCH - 1);
            work();
        }
        assertThat(done).hasSize(100 * (Inbox.MUCH - 1));
        assertThat(pauses).isZero();
    }

    @Test
    void gathersWhileTasksKeepArriving() throws InterruptedException {
        muchHasCome();
        arriveInPause = 5;
        arrive(1);
        work();
        assertThat(now).isEqualTo(Inbox.LONGEST);
        assertThat(done).hasSize(Inbox.MUCH + 1 + 5 * pauses);
    }

    @Test
    void waitsOnePauseIfNoTaskFollows() throws InterruptedException {
        muchHasCome();
        arrive(1);
        work();
        assertThat(pauses).isEqualTo(1);
        assertThat(done).hasSize(Inbox.MUCH + 1);
    }

    @Test
    void afterFewNothingIsWaitedForAnyMore() throws InterruptedException {
        muchHasCome();
        arrive(1);
        work();
        pauses = 0;
        arrive(1);
        work();
        assertThat(pauses).isZero();
    }

    @Test
    void afterNothingNothingIsWaitedForAnyMore() throws InterruptedException {
        muchHasCome();
        work();
        arrive(1);
        work();
        assertThat(pauses).isZero();
    }

    @Test
    void doesNotWaitWithAFullTurn() throws InterruptedException {
        muchHasCome();
        arrive(Inbox.MOST + 1);
        work();
        assertThat(pauses).isZero();
        assertThat(done).hasSize(Inbox.MUCH + Inbox.MOST);
        assertThat(inbox.isEmpty()).isFalse();
    }

    @Test
    void theOrderIsThatOfArrival() throws InterruptedException {
        muchHasCome();
        arriveInPause = Inbox.MUCH;
        for (int turn = 1; turn < 20; turn++) {
            arrive(turn);
            work();
        }
        assertThat(pauses).isPositive();
        while (!inbox.isEmpty()) {
            work();
        }
        assertThat(done).isEqualTo(IntStream.range(0, added).boxed().toList());
    }
}
