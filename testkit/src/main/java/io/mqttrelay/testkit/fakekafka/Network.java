package io.mqttrelay.testkit.fakekafka;

import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The network between the consumers and the brokers. It decides the answers, and other threads may act within its
 * methods, which run inside the calls of a consumer. An exception from a method leaves the consumer's call, as
 * Kafka's client would throw it; an {@link Error} can stand for the end of the process.
 */
public interface Network {
    /** A request of a consumer to the brokers. */
    enum Request {
        POLL,
        /** The request for committed offsets. */
        COMMITTED,
        COMMIT_SYNC,
        COMMIT_ASYNC
    }

    /** The fate of a commit that the coordinator would accept. */
    enum CommitFate {
        /** Stored and answered. */
        STORED,
        /** Stored, and the answer is lost. */
        STORED_UNANSWERED,
        /** Not stored: the request is lost. */
        LOST
    }

    /** Called before a request. Other threads may act here. */
    default void before(FakeConsumer from, Request request) {}

    /** Called when a poll of this consumer found no records and waits this long. */
    default void await(FakeConsumer from, Duration patience) {}

    /** The maximum number of records that a poll of the partition returns; below 1: none. */
    default int records(FakeConsumer to, TopicPartition partition) {
        return Integer.MAX_VALUE;
    }

    /** Called for each record that a poll returns. */
    default void brings(FakeConsumer to, ConsumerRecord<byte[], byte[]> record) {}

    /** Whether the group's coordinator is reachable for this member. */
    default boolean reachesCoordinator(FakeMember member) {
        return true;
    }

    /** The fate of a commit; called once for each commit of a member that reaches the coordinator. */
    default CommitFate commit(FakeMember member) {
        return CommitFate.STORED;
    }

    /**
     * Whether an asynchronous commit reaches the coordinator before the call returns, and not only at the next poll.
     */
    default boolean arrivesAtOnce(FakeMember member) {
        return true;
    }

    /** Whether the answer to the oldest asynchronous commit arrives in the member's present poll. */
    default boolean answersNow(FakeMember member) {
        return true;
    }
}
