package io.mqttrelay.dispatch.sink.http.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.dispatch.format.Samples;
import io.mqttrelay.testkit.time.ManualClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import okhttp3.Dns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The threads on which names are looked up. */
final class LookupsTest {
    private static final Duration SLOW = Duration.ofSeconds(2);
    private static final Duration QUICK = Duration.ofMillis(1);

    private final ManualClock clock = ManualClock.create();
    private final List<String> threads = new CopyOnWriteArrayList<>();
    private volatile Duration takes = QUICK;
    private volatile boolean found;

    private final Lookups lookups = new Lookups(this::answer, Samples.EXECUTORS, clock.nanoTime());
    private final Dns dns = lookups.within(Duration.ofSeconds(10));

    private List<InetAddress> answer(String host) throws UnknownHostException {
        threads.add(Thread.currentThread().getName().replaceFirst("-[0-9]+$", ""));
        clock.advance(takes);
        if (!found) {
            throw new UnknownHostException(host);
        }
        return List.of(InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void end() {
        lookups.close();
    }

    private void fails(Duration time) {
        takes = time;
        found = false;
        assertThatThrownBy(() -> dns.lookup("host")).isInstanceOf(UnknownHostException.class);
    }

    private void succeeds(Duration time) throws UnknownHostException {
        takes = time;
        found = true;
        assertThat(dns.lookup("host")).hasSize(1);
    }

    @Test
    void aQuickFailureLeavesASlowNameSlow() {
        fails(SLOW);
        fails(QUICK); // the JVM remembers the failure
        fails(SLOW);

        assertThat(threads).containsExactly("dns", "dns-slow", "dns-slow");
    }

    @Test
    void aQuickSuccessMakesASlowNameQuick() throws UnknownHostException {
        fails(SLOW);
        succeeds(SLOW);
        succeeds(QUICK);
        fails(QUICK);

        assertThat(threads).containsExactly("dns", "dns-slow", "dns-slow", "dns");
    }

    @Test
    @Timeout(60)
    void slowNamesLeaveThreadsForTheOthers() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger running = new AtomicInteger();
        long start = System.nanoTime();
        AtomicInteger round = new AtomicInteger();
        Dns answers = host -> {
            if (host.startsWith("slow") && round.get() > 0) {
                running.incrementAndGet();
                hang(end);
            }
            return List.of(InetAddress.getLoopbackAddress());
        };
        // by the clock, lookups of names that begin with slow took two seconds in the first round
        ThreadLocal<Integer> asked = ThreadLocal.withInitial(() -> 0);
        try (Lookups lookups = new Lookups(answers, Samples.EXECUTORS, () -> {
            int times = asked.get() + 1;
            asked.set(times);
            return round.get() == 0 ? start + times * TimeUnit.SECONDS.toNanos(2) : System.nanoTime();
        })) {
            Dns within = lookups.within(Duration.ofSeconds(5));
            List<String> slow = IntStream.range(0, 2 * Lookups.THREADS)
                    .mapToObj(i -> "slow-" + i)
                    .toList();
            for (String each : slow) {
                within.lookup(each);
            }
            round.set(1);
            slow.forEach(each -> new Thread(() -> lookUp(within, each), "caller-" + each).start());
            await().atMost(Duration.ofSeconds(10)).until(() -> running.get() == Lookups.THREADS);

            assertThat(within.lookup("healthy")).hasSize(1);
        } finally {
            end.countDown();
        }
    }

    private static void lookUp(Dns dns, String host) {
        try {
            dns.lookup(host);
        } catch (IOException e) {
            return; // its time was up
        }
    }

    private static void hang(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
