package io.mqttrelay.dispatch.member;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Encodes partitions as bytes, in the data that members of a group and their leader exchange. */
final class PartitionList {
    /** Length of the data of Kafka's own assignor, which comes first: the member's generation. */
    static final int BEHIND_GENERATION = Integer.BYTES;

    /** Distinguishes the list from data of other versions. */
    private static final int MARK = 0x72647231;

    private PartitionList() {}

    static ByteBuffer append(ByteBuffer data, Collection<TopicPartition> partitions) {
        Map<String, List<Integer>> byTopic = new TreeMap<>();
        partitions.forEach(partition -> byTopic.computeIfAbsent(partition.topic(), topic -> new ArrayList<>())
                .add(partition.partition()));
        int size = data.remaining() + 2 * Integer.BYTES;
        for (Map.Entry<String, List<Integer>> each : byTopic.entrySet()) {
            size += Short.BYTES
                    + each.getKey().getBytes(UTF_8).length
                    + Integer.BYTES * (1 + each.getValue().size());
        }
        ByteBuffer all =
                ByteBuffer.allocate(size).put(data.duplicate()).putInt(MARK).putInt(byTopic.size());
        byTopic.forEach((topic, numbers) -> {
            byte[] name = topic.getBytes(UTF_8);
            all.putShort((short) name.length).put(name).putInt(numbers.size());
            numbers.stream().sorted().forEach(all::putInt);
        });
        return all.flip();
    }

    /**
     * Reads the list that {@link #append} wrote; empty if the data is not such a list.
     *
     * @param offset where it begins
     */
    static Set<TopicPartition> read(@Nullable ByteBuffer data, int offset) {
        Set<TopicPartition> partitions = new HashSet<>();
        if (data == null || data.limit() < offset) {
            return partitions;
        }
        ByteBuffer from = data.duplicate().position(offset);
        try {
            if (from.remaining() < 2 * Integer.BYTES || from.getInt() != MARK) {
                return partitions;
            }
            for (int topics = from.getInt(); topics > 0; topics--) {
                byte[] name = new byte[Short.toUnsignedInt(from.getShort())];
                from.get(name);
                String topic = new String(name, UTF_8);
                for (int numbers = from.getInt(); numbers > 0; numbers--) {
                    partitions.add(new TopicPartition(topic, from.getInt()));
                }
            }
            return partitions;
        } catch (BufferUnderflowException e) {
            return Set.of(); // data of another version: no partition is drained, and a slow call may be repeated
        }
    }
}
