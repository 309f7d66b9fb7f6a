package io.mqttrelay.dispatch;

import io.mqttrelay.testkit.fakekafka.FakeConsumer;
import io.mqttrelay.testkit.fakekafka.FakeMember;
import io.mqttrelay.testkit.fakekafka.Network;
import java.time.Duration;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * The network between one simulated dispatcher and Kafka: all requests pass, unless the simulation decides otherwise.
 */
final class SimulatedNetwork implements Network {
    /** Events elsewhere while a consumer is in one of its calls. */
    interface Elsewhere {
        /** Lets other threads run. */
        void meanwhile();

        /** Lets time pass. */
        void pass(Duration time);
    }

    private static final int NEVER = -1;

    private final Random random;
    private final int mostRecords;
    private final Elsewhere elsewhere;

    /** Whether no message passes between the coordinator and the dispatcher. */
    boolean silent;
    /** Percentage of polls that fail, and of commits that are lost or not answered. */
    int failures;

    private int diesIn = NEVER;
    private boolean lastCommitFailed;

    /** @param mostRecords of one partition in a poll */
    SimulatedNetwork(Random random, int mostRecords, Elsewhere elsewhere) {
        this.random = random;
        this.mostRecords = mostRecords;
        this.elsewhere = elsewhere;
    }

    /** Ends the process at a request to Kafka, after this many others. */
    void dieIn(int requests) {
        diesIn = requests;
    }

    /** Lets everything pass from now on. */
    void heal() {
        silent = false;
        failures = 0;
        diesIn = NEVER;
    }

    /** Whether Kafka has not confirmed the last commit: its deliveries may be repeated. */
    boolean lastCommitFailed() {
        return lastCommitFailed;
    }

    @Override
    public void before(FakeConsumer from, Request request) {
        if (diesIn != NEVER && diesIn-- == 0) {
            throw new SimulatedCallbacks.Crash();
        }
        if (request == Request.COMMIT_ASYNC) {
            return; // no thread waits
        }
        elsewhere.meanwhile();
        if (request == Request.COMMIT_SYNC) {
            lastCommitFailed = true;
        }
        if (request == Request.POLL && fails()) {
            throw new TimeoutException("simulated");
        }
    }

    private boolean fails() {
        return random.nextInt(100) < failures;
    }

    @Override
    public void await(FakeConsumer from, Duration patience) {
        elsewhere.pass(patience);
    }

    @Override
    public int records(FakeConsumer to, TopicPartition partition) {
        return random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(mostRecords);
    }

    @Override
    public boolean reachesCoordinator(FakeMember member) {
        return !silent;
    }

    @Override
    public CommitFate commit(FakeMember member) {
        CommitFate fate = CommitFate.STORED;
        if (fails()) {
            fate = random.nextBoolean() ? CommitFate.LOST : CommitFate.STORED_UNANSWERED;
        }
        lastCommitFailed = fate != CommitFate.STORED;
        return fate;
    }

    @Override
    public boolean arrivesAtOnce(FakeMember member) {
        return random.nextBoolean();
    }

    @Override
    public boolean answersNow(FakeMember member) {
        return random.nextInt(3) != 0;
    }
}
