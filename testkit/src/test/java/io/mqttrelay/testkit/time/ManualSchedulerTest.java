package io.mqttrelay.testkit.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ManualSchedulerTest {
    private final ManualClock clock = ManualClock.create();
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final List<String> ran = new ArrayList<>();

    @Test
    void tasksRunInTheOrderOfTheirTimesAtTheirTimes() {
        long start = clock.millis();
        after(200, () -> ran.add("late at " + (clock.millis() - start)));
        after(100, () -> ran.add("early at " + (clock.millis() - start)));
        after(100, () -> ran.add("early, asked later"));
        scheduler.advance(Duration.ofMillis(199));
        assertThat(ran).containsExactly("early at 100", "early, asked later");
        scheduler.advance(Duration.ofMillis(1));
        assertThat(ran).last().isEqualTo("late at 200");
        assertThat(clock.millis() - start).isEqualTo(200);
    }

    @Test
    void aTaskMayAskForAnother() {
        after(100, () -> after(50, () -> ran.add("second")));
        scheduler.advance(Duration.ofMillis(150));
        assertThat(ran).containsExactly("second");
    }

    @Test
    void aCancelledTaskDoesNotRunNorWait() {
        Future<?> task = scheduler.schedule(() -> ran.add("never"), 10, TimeUnit.MILLISECONDS);
        task.cancel(false);
        assertThat(scheduler.pending()).isZero();
        scheduler.advance(Duration.ofSeconds(1));
        assertThat(ran).isEmpty();
    }

    @Test
    void aRepeatedTaskRunsUntilItIsCancelled() {
        Future<?> task = scheduler.scheduleAtFixedRate(() -> ran.add("tick"), 10, 10, TimeUnit.MILLISECONDS);
        scheduler.advance(Duration.ofMillis(35));
        task.cancel(false);
        scheduler.advance(Duration.ofMillis(35));
        assertThat(ran).hasSize(3);
    }

    @Test
    void untilNextIsHowLongItTakes() {
        assertThat(scheduler.untilNext()).isNull();
        after(70, () -> {});
        clock.advance(Duration.ofMillis(30));
        assertThat(scheduler.untilNext()).isEqualTo(Duration.ofMillis(40));
    }

    @Test
    void afterShutdownNothingIsTaken() {
        scheduler.shutdown();
        assertThatThrownBy(() -> after(1, () -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void theWallClockCanBeSetWithoutTimePassing() {
        long nanos = clock.nanoTime().getAsLong();
        clock.stepWall(Duration.ofDays(-1));
        assertThat(clock.nanoTime().getAsLong()).isEqualTo(nanos);
        assertThat(clock.instant()).isEqualTo(ManualClock.create().instant().minus(Duration.ofDays(1)));
    }

    private void after(long millis, Runnable task) {
        Future<?> unused = scheduler.schedule(task, millis, TimeUnit.MILLISECONDS);
    }
}
