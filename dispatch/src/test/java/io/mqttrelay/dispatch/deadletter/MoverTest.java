package io.mqttrelay.dispatch.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.record.DeadLetter;
import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.record.UserProperty;
import io.mqttrelay.common.thread.StopRequest;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.dispatch.TestRoute;
import io.mqttrelay.dispatch.deadletter.AppRoutes.Redelivery;
import io.mqttrelay.dispatch.deadletter.DeadLetterReplay.Planned;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** The sizes of the transactions that move dead letters. */
final class MoverTest {
    private static final int MIB = 1 << 20;
    private static final TopicNames NAMES = new TopicNames("d");
    private static final TopicPartition DEAD = new TopicPartition(NAMES.dead("app"), 0);

    /** Notes the bytes of each transaction that has records. */
    private static final class Transactions extends MockProducer<byte[], byte[]> {
        final List<Integer> sizes = new ArrayList<>();
        int moved;

        Transactions() {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
            initTransactions();
        }

        @Override
        public void commitTransaction() {
            List<ProducerRecord<byte[], byte[]>> records = uncommittedRecords();
            if (!records.isEmpty()) {
                sizes.add(records.stream().mapToInt(MoverTest::bytes).sum());
                moved += records.size() / 2;
            }
            super.commitTransaction();
        }
    }

    private final RecordCodec codec = new RecordCodec();
    private final Route route =
            TestRoute.of("route", "app", "http://host:1/path").build();
    private final String address = route.destinations().get(0).id();
    private final StopRequest stop = new StopRequest();
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final Transactions transactions = new Transactions();

    private static int bytes(ProducerRecord<byte[], byte[]> record) {
        int bytes = record.value() == null ? 0 : record.value().length;
        for (Header header : record.headers()) {
            bytes += header.value().length;
        }
        return bytes;
    }

    private void die(int count, int payloadBytes, int propertyBytes) {
        Node node = new Node(1, "host", 9092);
        consumer.updatePartitions(
                DEAD.topic(), List.of(new PartitionInfo(DEAD.topic(), 0, node, new Node[] {node}, new Node[] {node})));
        consumer.updateBeginningOffsets(Map.of(DEAD, 0L));
        consumer.updateEndOffsets(Map.of(DEAD, (long) count));
        consumer.schedulePollTask(() -> {
            for (int offset = 0; offset < count; offset++) {
                consumer.addRecord(letter(offset, payloadBytes, propertyBytes));
            }
        });
    }

    private ConsumerRecord<byte[], byte[]> letter(int offset, int payloadBytes, int propertyBytes) {
        RelayMessage message = new RelayMessage(
                "id-" + offset,
                "app",
                "route",
                5,
                "t",
                1,
                false,
                null,
                null,
                null,
                null,
                List.of(new UserProperty("n", "v".repeat(propertyBytes))),
                new byte[payloadBytes]);
        ProducerRecord<byte[], byte[]> stored = codec.encode(message, Ordering.TOPIC, NAMES.messages("app"));
        DeadLetter letter = new DeadLetter(DeadReason.REJECTED, address, 1, 400, "no", 1);
        ProducerRecord<byte[], byte[]> dead =
                codec.encodeDead(consumed(NAMES.messages("app"), 0, stored), letter, DEAD.topic());
        return consumed(DEAD.topic(), offset, dead);
    }

    private static ConsumerRecord<byte[], byte[]> consumed(
            String topic, int offset, ProducerRecord<byte[], byte[]> record) {
        return new ConsumerRecord<>(
                topic,
                0,
                offset,
                0,
                TimestampType.CREATE_TIME,
                record.key().length,
                record.value().length,
                record.key(),
                record.value(),
                record.headers(),
                Optional.empty());
    }

    private void move() throws Exception {
        ReplayReport report = new ReplayReport("app", ReplayRun.Source.DEAD_LETTERS, false, "run");
        try (TopicReader reader = new TopicReader(consumer, stop);
                DeadLetterTable table = new DeadLetterTable(codec, reader, ProgressListener.NONE, true)) {
            table.read("app", DEAD.topic(), Selection.ALL);
            int[] entries = table.oldest(Long.MAX_VALUE);
            Redelivery redelivery = new Redelivery(Optional.empty(), Optional.of(route), List.of(address));
            Planned planned = new Planned(table, entries, Map.of(table.kind(entries[0]), redelivery));
            ReplayRate rate = new ReplayRate(0, stop, System::nanoTime);
            // the clients are for the readers and writers that the commands open
            ReplayRun.Tools tools = new ReplayRun.Tools(null, null, stop, ProgressListener.NONE, rate);
            Deliveries deliveries = new Deliveries(codec, "app", NAMES.replay("app"));
            new Mover(tools, new ReplayWriter(transactions), report, deliveries).move(planned);
        }
    }

    @Test
    void headersBoundATransactionAsPayloadsDo() throws Exception {
        die(100, 0, 100_000);
        move();

        assertThat(transactions.moved).isEqualTo(100);
        assertThat(transactions.sizes).hasSizeBetween(2, 3).allMatch(size -> size < 4 * MIB + 200_000);
    }

    @Test
    void payloadsBoundATransaction() throws Exception {
        die(100, 100_000, 1);
        move();

        assertThat(transactions.moved).isEqualTo(100);
        assertThat(transactions.sizes).hasSizeBetween(2, 3).allMatch(size -> size < 4 * MIB + 200_000);
    }
}
