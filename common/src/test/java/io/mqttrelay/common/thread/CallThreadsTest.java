package io.mqttrelay.common.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CallThreadsTest {
    @Test
    void virtualThreadsAreUsedExactlyWhereTheJvmHasThem() throws Exception {
        ExecutorService calls = CallThreads.create("call", 2);

        boolean virtual = calls.submit(() -> isVirtual(Thread.currentThread())).get(10, TimeUnit.SECONDS);

        assertThat(virtual).isEqualTo(Runtime.version().feature() >= 21).isEqualTo(CallThreads.virtual());
        calls.shutdownNow();
    }

    @Test
    void threadsAreNamedDaemons() throws Exception {
        ExecutorService calls = CallThreads.create("call", 2);

        Thread thread = calls.submit(Thread::currentThread).get(10, TimeUnit.SECONDS);

        assertThat(thread.getName()).isEqualTo("call-1");
        assertThat(thread.isDaemon()).isTrue();
        calls.shutdownNow();
    }

    @Test
    void aPlatformPoolRunsItsLimitOfCallsAndQueuesTheRest() throws Exception {
        ExecutorService calls = CallThreads.platform("call", 3, null);
        AtomicInteger running = new AtomicInteger();
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(10);
        for (int i = 0; i < 10; i++) {
            calls.execute(() -> {
                running.incrementAndGet();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                done.countDown();
            });
        }

        await().atMost(Duration.ofSeconds(10)).untilAtomic(running, org.hamcrest.Matchers.equalTo(3));
        release.countDown();

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        calls.shutdownNow();
    }

    private static boolean isVirtual(Thread thread) throws ReflectiveOperationException {
        if (Runtime.version().feature() < 21) {
            return false;
        }
        return (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
    }
}
