package io.mqttrelay.common.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GuardedExecutorsTest {
    private final BlockingQueue<Throwable> told = new LinkedBlockingQueue<>();
    private final GuardedExecutors executors = new GuardedExecutors(told::add);
    private final ScheduledThreadPoolExecutor timer = executors.timer("timer");
    private final ExecutorService pool = executors.pool("pool", 2);
    private final ExecutorService calls = executors.calls("call", 2);

    @AfterEach
    void end() {
        List.of(timer, pool, calls).forEach(ExecutorService::shutdownNow);
    }

    private static void fails() {
        throw new OutOfMemoryError("unable to create native thread");
    }

    @Test
    void tellsOfAnErrorInATaskThatRunsAtOnce() throws Exception {
        for (ExecutorService each : List.of(timer, pool, calls)) {
            each.execute(GuardedExecutorsTest::fails);

            assertThat(told.poll(10, TimeUnit.SECONDS)).isInstanceOf(OutOfMemoryError.class);
        }
        assertThat(told).isEmpty();
    }

    @Test
    void tellsOfAnErrorInADelayedTask() throws Exception {
        var unused = timer.schedule(GuardedExecutorsTest::fails, 1, TimeUnit.MILLISECONDS);

        assertThat(told.poll(10, TimeUnit.SECONDS)).isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void tellsOfAnExceptionThatEndsAPeriodicTask() throws Exception {
        RuntimeException exception = new IllegalStateException();
        var unused = timer.scheduleWithFixedDelay(
                () -> {
                    throw exception;
                },
                1,
                1,
                TimeUnit.MILLISECONDS);

        assertThat(told.poll(10, TimeUnit.SECONDS)).isSameAs(exception);
    }

    @Test
    void saysNothingOfACancelledTask() throws Exception {
        var task = timer.schedule(GuardedExecutorsTest::fails, 1, TimeUnit.HOURS);
        task.cancel(false);
        timer.execute(() -> told.add(new Throwable("done")));

        assertThat(told.poll(10, TimeUnit.SECONDS)).hasMessage("done");
        assertThat(timer.getQueue()).isEmpty();
    }

    @Test
    void theTimersThreadExistsFromTheStart() {
        assertThat(timer.getPoolSize()).isOne();
    }

    @Test
    void saysNothingOfAnExceptionAfterTheEnd() throws Exception {
        timer.execute(() -> {
            timer.shutdownNow();
            throw new IllegalStateException("interrupted");
        });

        assertThat(timer.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(told).isEmpty();
    }
}
