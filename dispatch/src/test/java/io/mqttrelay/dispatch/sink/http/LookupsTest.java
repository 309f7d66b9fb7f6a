package io.mqttrelay.dispatch.sink.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttrelay.testkit.time.ManualClock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.Dns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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
}
