package io.mqttrelay.bench.contender;

import io.mqttrelay.bench.wire.ProgramArguments;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The task of a contender of the dispatch stage: send one topic to one address.
 *
 * @param inFlight concurrent calls
 */
record Work(String bootstrapServers, String topic, String group, String url, int inFlight) {
    static Work of(String... words) {
        ProgramArguments arguments = ProgramArguments.of(words);
        return new Work(
                arguments.text("bootstrap"),
                arguments.text("topic"),
                arguments.text("group"),
                arguments.text("url"),
                arguments.number("in_flight"));
    }

    /** A consumer with Kafka's own settings; the caller commits. */
    KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return new KafkaConsumer<>(config);
    }
}
