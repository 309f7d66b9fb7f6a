package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Dispatchers join and leave all the time. */
@Tag("every-change")
final class StormFaultIT extends FaultScene {
    private static final int EVERY_MILLIS = 3000;
    private static final int CHANGES = 8;
    private static final Duration GRACE = Duration.ofSeconds(15);

    StormFaultIT(KafkaCluster kafka) {
        super(kafka);
    }

    @Test
    void f34DispatchersJoinAndLeave() {
        ingest().ready();
        dispatch().ready();
        Run run = run("F34", 200, "/a");
        run.flows(200);
        Deque<RelayService> guests = new ArrayDeque<>();
        long slowestExit = 0;
        for (int change = 0; change < CHANGES; change++) {
            if (change % 4 < 2) {
                guests.add(dispatch());
            } else {
                RelayService leaves = guests.remove().ready();
                long begin = System.nanoTime();
                assertThat(leaves.process().terminate(GRACE))
                        .as(leaves::toString)
                        .isZero();
                slowestExit = Math.max(slowestExit, System.nanoTime() - begin);
            }
            Pause.forMillis(EVERY_MILLIS);
        }
        run.healed();
        run.flows(200);
        run.figure("slowest exit in ms", TimeUnit.NANOSECONDS.toMillis(slowestExit));
        run.ends(0, Duration.ofSeconds(60));
    }
}
