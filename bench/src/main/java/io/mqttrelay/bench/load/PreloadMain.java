package io.mqttrelay.bench.load;

import io.mqttrelay.bench.wire.AppNames;
import io.mqttrelay.bench.wire.BenchMessage;
import io.mqttrelay.bench.wire.Parent;
import io.mqttrelay.bench.wire.ProgramArguments;
import io.mqttrelay.bench.wire.SampleMessage;
import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayIds;
import io.mqttrelay.common.record.RelayMessage;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes the same records as {@code ingest}, for the MQTT topics in turn. */
public final class PreloadMain {
    private PreloadMain() {}

    public static void main(String[] words) {
        Parent.endWithIt();
        ProgramArguments arguments = ProgramArguments.of(words);
        int topics = arguments.number("topics");
        int bytes = arguments.number("bytes");
        AppNames apps = new AppNames(arguments.text("app"), arguments.number("apps"));
        String prefix = arguments.text("topic");
        RecordCodec codec = new RecordCodec();
        RelayIds ids = new RelayIds(Clock.systemUTC(), System.nanoTime());
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(config(arguments.text("bootstrap")))) {
            for (int number = 0; number < arguments.number("records"); number++) {
                BenchMessage message = BenchMessage.of(number, topics);
                String app = apps.of(message.topic());
                RelayMessage relayed =
                        SampleMessage.with(ids.next(), app, message.mqttTopic(app), message.payload(bytes));
                var unused = producer.send(codec.encode(relayed, Ordering.TOPIC, prefix + app));
            }
        }
    }

    private static Map<String, Object> config(String bootstrapServers) {
        Map<String, Object> config = new HashMap<>();
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4"); // as ingest
        config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return config;
    }
}
