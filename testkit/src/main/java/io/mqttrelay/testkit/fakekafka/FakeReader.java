package io.mqttrelay.testkit.fakekafka;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.common.TopicPartition;

/** A consumer without a group that assigns its own partitions. One thread. */
public final class FakeReader extends FakeConsumer {
    FakeReader(String name, FakeKafka kafka, Network network) {
        super(name, kafka, network);
    }

    /**
     * Assigns these partitions. Those assigned before keep their fetch position and pause; new ones need a
     * {@link #seek}.
     */
    @Override
    public void assign(Collection<TopicPartition> partitions) {
        Set<TopicPartition> gone = new HashSet<>(assignment());
        gone.removeAll(partitions);
        remove(gone);
        add(partitions);
    }

    @Override
    void serveCoordinator() {}

    @Override
    public void close(CloseOptions options) {
        closed();
    }
}
