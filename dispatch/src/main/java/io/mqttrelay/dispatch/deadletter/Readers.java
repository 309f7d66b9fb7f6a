package io.mqttrelay.dispatch.deadletter;

import io.mqttrelay.common.kafka.KafkaClients;
import io.mqttrelay.common.kafka.OffsetReset;
import io.mqttrelay.common.thread.StopRequest;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;

/** Makes the readers of the commands. */
final class Readers {
    private static final int FETCH_BYTES = 1024 * 1024;

    /** Short: a reader of a few records must not wait for a full fetch. */
    private static final Duration IDLE = Duration.ofMillis(20);

    private Readers() {}

    static TopicReader open(KafkaClients clients, StopRequest stop) throws KafkaFailure {
        return made(() -> new TopicReader(clients.reader("reader", FETCH_BYTES, IDLE), stop));
    }

    /** Makes a reader that also knows the offsets of a group; it does not become a member. */
    static TopicReader ofGroup(KafkaClients clients, String group, StopRequest stop) throws KafkaFailure {
        return made(() -> new TopicReader(clients.consumer("reader", group, OffsetReset.EARLIEST), stop));
    }

    private static TopicReader made(Supplier<TopicReader> maker) throws KafkaFailure {
        try {
            return maker.get();
        } catch (KafkaException e) {
            throw KafkaFailure.of(e); // not even the brokers' names are known
        }
    }
}
