package io.mqttrelay.bench.micro;

import io.mqttrelay.bench.wire.SampleMessage;
import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.record.Decoded;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayIds;
import io.mqttrelay.common.record.RelayMessage;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Measures the encoding of a record at ingest and its decoding at dispatch. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RecordBenchmark {
    private static final String KAFKA_TOPIC = "bench.app";

    private final RecordCodec codec = new RecordCodec();
    private final RelayIds ids = new RelayIds(Clock.systemUTC(), 7);
    private final RelayMessage message = SampleMessage.of(256);
    private final ConsumerRecord<byte[], byte[]> record = received(codec.encode(message, Ordering.TOPIC, KAFKA_TOPIC));

    /** A received record: as with Kafka's client, its header names are new strings. */
    private static ConsumerRecord<byte[], byte[]> received(ProducerRecord<byte[], byte[]> sent) {
        RecordHeaders headers = new RecordHeaders();
        for (Header header : sent.headers()) {
            headers.add(new String(header.key().toCharArray()), header.value());
        }
        return new ConsumerRecord<>(
                sent.topic(),
                0,
                0,
                0,
                TimestampType.CREATE_TIME,
                sent.key().length,
                sent.value().length,
                sent.key(),
                sent.value(),
                headers,
                Optional.empty());
    }

    /** Creates a message id. */
    @Benchmark
    public String id() {
        return ids.next();
    }

    /** Encodes a message. */
    @Benchmark
    public ProducerRecord<byte[], byte[]> encode() {
        return codec.encode(message, Ordering.TOPIC, KAFKA_TOPIC);
    }

    /** Decodes a record. */
    @Benchmark
    public Decoded decode() {
        return codec.decode(record);
    }
}
