package io.mqttrelay.common.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ShutdownTest {
    private final List<String> closed = Collections.synchronizedList(new ArrayList<>());
    private final List<Integer> halts = Collections.synchronizedList(new ArrayList<>());

    @Test
    void stepsAreTakenInTheOrderInWhichTheyWereAdded() {
        Shutdown shutdown =
                shutdown(Duration.ofSeconds(10)).then("a", closing("a")).then("b", closing("b"));

        shutdown.request("test");

        assertThat(shutdown.await()).isZero();
        assertThat(closed).containsExactly("a", "b");
    }

    @Test
    void nothingIsClosedBeforeItIsAskedFor() throws Exception {
        Shutdown shutdown = shutdown(Duration.ofSeconds(10)).then("a", closing("a"));
        CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(shutdown::await);

        assertThat(exit).isNotDone();
        assertThat(closed).isEmpty();
        shutdown.request("test");

        assertThat(exit.get(10, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void aStepThatFailsDoesNotKeepTheOthersFromClosing() {
        Shutdown shutdown = shutdown(Duration.ofSeconds(10))
                .then("bad", remaining -> {
                    throw new IllegalStateException("broken");
                })
                .then("good", closing("good"));

        shutdown.request("test");

        assertThat(shutdown.await()).isEqualTo(1);
        assertThat(closed).containsExactly("good");
    }

    @Test
    void aStepThatHangsIsLeftBehindWhenTheGraceTimeIsOver() {
        CountDownLatch never = new CountDownLatch(1);
        Shutdown shutdown = shutdown(Duration.ofMillis(200)).then("hangs", remaining -> never.await());
        long before = System.nanoTime();

        shutdown.request("test");

        assertThat(shutdown.await()).isEqualTo(1);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void eachStepGetsTheRemainingGraceTime() {
        long[] now = {0};
        List<Duration> told = new ArrayList<>();
        Shutdown shutdown = new Shutdown(Duration.ofSeconds(10), () -> now[0], halts::add)
                .then("slow", remaining -> {
                    told.add(remaining);
                    now[0] += TimeUnit.SECONDS.toNanos(7);
                })
                .then("next", remaining -> {
                    told.add(remaining);
                    now[0] += TimeUnit.SECONDS.toNanos(7);
                })
                .then("last", told::add);

        shutdown.request("test");
        shutdown.await();

        assertThat(told).containsExactly(Duration.ofSeconds(10), Duration.ofSeconds(3), Duration.ZERO);
    }

    @Test
    void anOwnerThreadsDeathClosesAndExitsWithOne() {
        Shutdown shutdown = shutdown(Duration.ofSeconds(10)).then("a", closing("a"));

        shutdown.fail(new OutOfMemoryError("test"));

        assertThat(shutdown.await()).isEqualTo(1);
        assertThat(closed).containsExactly("a");
    }

    @Test
    void aSecondSignalEndsTheProcessAtOnce() {
        Shutdown shutdown = shutdown(Duration.ofSeconds(10));

        shutdown.signalled("SIGTERM");
        assertThat(halts).isEmpty();
        shutdown.signalled("SIGINT");

        assertThat(halts).containsExactly(1);
    }

    private Shutdown shutdown(Duration grace) {
        return new Shutdown(grace, System::nanoTime, halts::add);
    }

    private Shutdown.Step closing(String name) {
        return remaining -> closed.add(name);
    }
}
