package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.http.Answer;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A dispatcher joins, and another is stopped, while calls of one app take long. */
final class HandoverFaultIT extends NeighbourScene {
    private static final int TOPICS = 16;
    private static final int PER_SECOND = 4;
    private static final Duration EXIT = Duration.ofSeconds(32);
    /** Calls that outlast the wait of a rebalance delay the others' partitions too, but no longer than this. */
    private static final int P99_MILLIS_BEYOND_THE_WAIT = 2_000;

    private static final Duration REST = Duration.ofSeconds(30);

    @Test
    @Tag("by-hand")
    void b13CallsOf9SecondsAreNotRepeated() throws Exception {
        assertThat(repeated("B13 9 s", Duration.ofSeconds(9), NeighbourVerdict.P99_MILLIS))
                .isZero();
    }

    @Test
    @Tag("by-hand")
    void b13CallsOf25SecondsAreNotRepeated() throws Exception {
        assertThat(repeated("B13 25 s", Duration.ofSeconds(25), NeighbourVerdict.P99_MILLIS))
                .isZero();
    }

    @Test
    @Tag("by-hand")
    void b13CallsOf60SecondsAreRepeatedAndNothingElse() throws Exception {
        assertThat(repeated("B13 60 s", Duration.ofSeconds(60), P99_MILLIS_BEYOND_THE_WAIT))
                .isPositive();
    }

    /** Requests of the slow callback beyond the number of messages. */
    private long repeated(String row, Duration call, int p99Millis) throws Exception {
        route("slow", to("/slow"), "\"timeout\": \"90s\"");
        callback.on("/slow", Answer.after(call, Answer.status(200)));
        ingest().ready();
        RelayService first = dispatch().ready();
        Neighbour neighbour = neighbour(row).begin();
        Load slow = opened(Load.start(mosquitto.port(), new Load.Shape("slow", TOPICS, PER_SECOND, 100)));
        callback.await("/slow", TOPICS, Duration.ofSeconds(20));

        dispatch().ready();
        Pause.forMillis(call.toMillis() + 5_000);
        first.process().signal("TERM");
        int exit = first.process().awaitExit(EXIT);
        slow.stop();
        neighbour.feltAtMost(p99Millis);
        assertThat(exit).isZero();
        // the handovers are over: the rest of the backlog need not take minutes
        callback.on("/slow", Answer.status(200));
        Pause.until(
                call.multipliedBy(2).plus(REST),
                () -> callback.requests("/slow").stream()
                                .map(request -> String.valueOf(request.id()))
                                .distinct()
                                .count()
                        >= slow.sent().size());
        assertThat(callback.requests("/slow").stream()
                        .map(request -> String.valueOf(request.id()))
                        .distinct())
                .hasSameSizeAs(slow.sent());
        return (long) callback.requests("/slow").size() - slow.sent().size();
    }
}
