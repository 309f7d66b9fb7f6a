package io.mqttrelay.dispatch.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.thread.CallThreads;
import io.mqttrelay.testkit.time.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The wait of a ready thread for a processor. */
final class ProcessorWaitTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ManualClock clock = ManualClock.create();

    @Test
    void aByteThatIsNotReadYetSaysHowLongItHasWaited() throws IOException {
        LinkedBlockingQueue<Runnable> threads = new LinkedBlockingQueue<>();
        try (ProcessorWait wait = new ProcessorWait(threads::add, clock.nanoTime())) {
            assertThat(wait.mean()).isZero();
            wait.probe();
            clock.advance(Duration.ofMillis(30));
            wait.probe(); // is not another
            clock.advance(Duration.ofMillis(10));

            assertThat(wait.mean()).isEqualTo(Duration.ofMillis(40).toNanos());
        }
    }

    @Test
    void theMeanIsOfThoseReadSinceItWasLastAsked() throws IOException, InterruptedException {
        LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        Thread reader;
        try (ProcessorWait wait = new ProcessorWait(tasks::add, clock.nanoTime())) {
            wait.probe();
            clock.advance(Duration.ofMillis(7));
            reader = new Thread(tasks.remove()); // it runs only now
            reader.start();
            Set<Long> means = new LinkedHashSet<>();
            await().atMost(PATIENCE).until(() -> !means.add(wait.mean()) && means.contains(0L));
            assertThat(means).containsExactly(Duration.ofMillis(7).toNanos(), 0L); // once read, nothing waits
        }
        reader.join(PATIENCE.toMillis());
        assertThat(reader.isAlive()).isFalse();
    }

    /** On the same threads that calls have in this JVM. */
    @Test
    void itsThreadEndsWithIt() throws IOException, InterruptedException {
        ExecutorService threads = CallThreads.create("test-call", ProcessorWait.THREADS);
        try (ProcessorWait wait = new ProcessorWait(threads, System::nanoTime)) {
            await().atMost(PATIENCE).until(() -> {
                wait.probe();
                return wait.mean() > 0;
            });
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void measuresNoWaitAfterClose() throws IOException {
        ProcessorWait wait = new ProcessorWait(task -> {}, clock.nanoTime());
        wait.close();
        wait.probe();
        clock.advance(Duration.ofMillis(5));
        wait.probe();

        assertThat(wait.mean()).isZero();
    }
}
