package io.mqttrelay.bench.contender;

import io.mqttrelay.bench.wire.Parent;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/**
 * Sends each poll's records (500 with Kafka's own settings) in one call, as an array of their payloads. It makes one
 * call after another and commits, as connectors with batches do.
 */
final class BareBatches {
    private static final Duration WAIT = Duration.ofMillis(100);

    private BareBatches() {}

    public static void main(String[] words) {
        Parent.endWithIt();
        Work work = Work.of(words);
        Post post = new Post(work);
        try (Consumer<byte[], byte[]> consumer = work.consumer()) {
            consumer.subscribe(List.of(work.topic()));
            while (true) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(WAIT);
                if (!records.isEmpty()) {
                    post.send(array(records));
                    consumer.commitAsync();
                }
            }
        }
    }

    private static byte[] array(ConsumerRecords<byte[], byte[]> records) {
        ByteArrayOutputStream array = new ByteArrayOutputStream();
        char before = '[';
        for (ConsumerRecord<byte[], byte[]> record : records) {
            array.write(before);
            array.writeBytes(record.value());
            before = ',';
        }
        array.write(']');
        return array.toByteArray();
    }
}
