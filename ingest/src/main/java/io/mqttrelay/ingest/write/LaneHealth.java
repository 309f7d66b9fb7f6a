package io.mqttrelay.ingest.write;

import io.mqttrelay.common.thread.CalledOn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** How all lanes are, as of the last look: looked at by {@code ingest-writer}, read on any thread. */
final class LaneHealth {
    /** A send under way for longer is told to operators. */
    private static final Duration STUCK = Duration.ofSeconds(10);

    private static final Logger LOG = LogManager.getLogger(LaneHealth.class);

    private volatile List<String> problems = List.of("waiting for Kafka");
    private volatile long oldestNanos;
    private volatile int inFlight;
    private boolean troubled;

    /** Why not everything that arrives is stored at once, a line each; empty: it is. */
    List<String> problems() {
        return problems;
    }

    /** How long the oldest send has been under way, nanoseconds. */
    long oldestNanos() {
        return oldestNanos;
    }

    /** Sends under way. */
    int inFlight() {
        return inFlight;
    }

    /** Looks anew, and logs what has changed. */
    @CalledOn("ingest-writer")
    void look(Collection<Lane> lanes) {
        int under = 0;
        long oldest = 0;
        List<String> found = new ArrayList<>();
        for (Lane lane : lanes) {
            long age = lane.age();
            oldest = Math.max(oldest, age);
            under += lane.inFlight();
            describe(lane, age, found);
        }
        oldestNanos = oldest;
        inFlight = under;
        tell(found);
    }

    private static void describe(Lane lane, long age, List<String> found) {
        String blocked = lane.blocked();
        if (blocked != null) {
            found.add("app " + lane.appId() + ": " + blocked);
        } else if (age > STUCK.toNanos()) {
            found.add("app " + lane.appId() + ": Kafka does not store its messages");
        }
    }

    private void tell(List<String> found) {
        List<String> before = problems;
        if (before.equals(found)) {
            return;
        }
        problems = List.copyOf(found);
        for (String problem : found) {
            if (!before.contains(problem) && !problem.endsWith(Lane.NEW)) {
                troubled = true;
                LOG.warn("{}", problem);
            }
        }
        if (found.isEmpty() && troubled) {
            troubled = false;
            LOG.info("Kafka stores messages again");
        }
    }
}
