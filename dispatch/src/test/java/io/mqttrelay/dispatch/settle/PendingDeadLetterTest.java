package io.mqttrelay.dispatch.settle;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** The memory of a dead letter. */
final class PendingDeadLetterTest {
    @Test
    void headersCountAsKeyAndValueDo() {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>("d.app.dead", null, new byte[10_000], new byte[20_000]);
        record.headers().add("h".repeat(1000), new byte[100_000]);

        assertThat(new PendingDeadLetter(record, () -> {}).bytes()).isBetween(131_000, 132_000);
    }

    @Test
    void aRecordWithoutKeyAndValueHasAFewBytes() {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("d.app.dead", null, null, null);

        assertThat(new PendingDeadLetter(record, () -> {}).bytes()).isBetween(1, 1000);
    }
}
