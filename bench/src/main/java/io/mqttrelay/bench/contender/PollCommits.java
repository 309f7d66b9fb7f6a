package io.mqttrelay.bench.contender;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** The simplest commit that is never too early: a whole poll, when it and all polls before it are done. */
final class PollCommits {
    /** The records of one poll. */
    static final class Poll {
        private final AtomicInteger open;
        private final Map<TopicPartition, OffsetAndMetadata> next;

        private Poll(ConsumerRecords<byte[], byte[]> records) {
            this.open = new AtomicInteger(records.count());
            this.next = records.nextOffsets();
        }

        /** Reports that one of its records is done; any thread. */
        void done() {
            open.decrementAndGet();
        }
    }

    private final Deque<Poll> polls = new ArrayDeque<>();

    Poll begin(ConsumerRecords<byte[], byte[]> records) {
        Poll poll = new Poll(records);
        polls.add(poll);
        return poll;
    }

    void commitWhatIsDone(Consumer<byte[], byte[]> consumer) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (Poll first = polls.peek(); first != null && first.open.get() == 0; first = polls.peek()) {
            offsets.putAll(first.next);
            polls.remove();
        }
        if (!offsets.isEmpty()) {
            consumer.commitAsync(offsets, null);
        }
    }
}
