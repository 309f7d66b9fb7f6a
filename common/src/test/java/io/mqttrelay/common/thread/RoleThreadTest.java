package io.mqttrelay.common.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RoleThreadTest {
    private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    private final AtomicReference<Throwable> escaped = new AtomicReference<>();
    private final CountDownLatch stepped = new CountDownLatch(3);

    @Test
    void aRoleStartsStepsAndClosesOnItsOwnThread() throws Exception {
        RoleThread thread = new RoleThread("role", new Recording(), escaped::set);

        thread.start();
        stepped.await();
        thread.stop();

        assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
        assertThat(calls).startsWith("start on role", "step on role").endsWith("close on role");
        assertThat(calls).filteredOn("close on role"::equals).hasSize(1);
        assertThat(escaped).hasNullValue();
    }

    @Test
    void reportsAnEscapedExceptionAfterClosing() throws Exception {
        Error broken = new OutOfMemoryError("test");
        RoleThread thread = new RoleThread(
                "role",
                new Recording() {
                    @Override
                    public void step() {
                        throw broken;
                    }
                },
                failure -> {
                    calls.add("failed");
                    escaped.set(failure);
                });

        thread.start();

        assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
        assertThat(escaped).hasValue(broken);
        assertThat(calls).containsExactly("start on role", "close on role", "failed");
    }

    @Test
    void aRoleThatIsNotDoneIsReportedAsSuch() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch busy = new CountDownLatch(1);
        RoleThread thread = new RoleThread(
                "role",
                () -> {
                    busy.countDown();
                    release.await();
                },
                escaped::set);
        thread.start();
        busy.await();
        thread.stop();

        assertThat(thread.join(Duration.ofMillis(50))).isFalse();
        release.countDown();
        assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void aConfinedObjectRefusesASecondThread() throws Exception {
        Confined confined = new Confined();
        confined.check();
        confined.check();
        RoleThread other = new RoleThread("other", confined::check, escaped::set);

        other.start();
        other.join(Duration.ofSeconds(10));

        assertThat(escaped.get())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("called on thread other, but belongs to thread");
    }

    private class Recording implements Role {
        @Override
        public void start() {
            record("start");
        }

        @Override
        public void step() {
            record("step");
            stepped.countDown();
        }

        @Override
        public void close() {
            record("close");
        }

        private void record(String what) {
            calls.add(what + " on " + Thread.currentThread().getName());
        }
    }
}
