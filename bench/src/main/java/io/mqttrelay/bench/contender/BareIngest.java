package io.mqttrelay.bench.contender;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.mqttrelay.bench.wire.Parent;
import io.mqttrelay.bench.wire.ProgramArguments;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The upper limit for the same libraries: HiveMQ's client and a producer; a message is acknowledged when stored. It
 * does nothing else.
 */
final class BareIngest {
    /** The output when it is subscribed. */
    static final String READY = "ready";

    private BareIngest() {}

    public static void main(String[] words) {
        Parent.endWithIt();
        ProgramArguments arguments = ProgramArguments.of(words);
        String topic = arguments.text("topic");
        Producer<byte[], byte[]> producer = new KafkaProducer<>(config(arguments.text("bootstrap")));
        Mqtt5AsyncClient client = Mqtt5Client.builder()
                .identifier(arguments.text("app"))
                .serverHost("127.0.0.1")
                .serverPort(arguments.number("port"))
                .buildAsync();
        client.publishes(MqttGlobalPublishFilter.ALL, publish -> store(producer, topic, publish), true);
        client.connect().join();
        client.subscribeWith()
                .topicFilter(arguments.text("app") + "/#")
                .qos(MqttQos.AT_LEAST_ONCE)
                .send()
                .join();
        System.out.println(READY);
    }

    private static void store(Producer<byte[], byte[]> producer, String topic, Mqtt5Publish publish) {
        byte[] key = publish.getTopic().toString().getBytes(StandardCharsets.UTF_8);
        var unused = producer.send(new ProducerRecord<>(topic, key, publish.getPayloadAsBytes()), (stored, error) -> {
            if (error == null) {
                publish.acknowledge();
            }
        });
    }

    private static Map<String, Object> config(String bootstrapServers) {
        Map<String, Object> config = new HashMap<>();
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4"); // as ingest
        config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return config;
    }
}
