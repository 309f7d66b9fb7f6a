package io.mqttrelay.bench.probe;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import io.mqttrelay.bench.wire.Parent;
import io.mqttrelay.bench.wire.ProgramArguments;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Observes each message twice: as a further subscriber of the MQTT broker, and as a further consumer of Kafka. */
public final class ProbeMain {
    /** The output when it observes all further messages. */
    public static final String READY = "the probe is ready";
    /** The output at its end, before two JSON documents: latencies in microseconds, of MQTT and of Kafka. */
    public static final String SAW = "the probe saw ";

    private static final Duration POLL = Duration.ofMillis(100);

    private ProbeMain() {}

    public static void main(String[] words) throws InterruptedException {
        Parent.endWithIt();
        ProgramArguments arguments = ProgramArguments.of(words);
        Latency mqtt = latency(arguments);
        Latency kafka = latency(arguments);
        Mqtt5AsyncClient client = subscribe(arguments, mqtt);
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(config(arguments.text("bootstrap")))) {
            List<TopicPartition> partitions = consumer.partitionsFor(arguments.text("topic")).stream()
                    .map(each -> new TopicPartition(each.topic(), each.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            partitions.forEach(consumer::position);
            System.out.println(READY);
            while (!kafka.isComplete()) {
                consumer.poll(POLL).forEach(record -> kafka.saw(record.value()));
            }
        }
        mqtt.awaitAll();
        client.disconnect().join();
        System.out.println(SAW + mqtt.toJson() + " " + kafka.toJson());
    }

    private static Latency latency(ProgramArguments arguments) {
        return new Latency(arguments.number("from"), arguments.number("records"));
    }

    private static Mqtt5AsyncClient subscribe(ProgramArguments arguments, Latency mqtt) {
        Mqtt5AsyncClient client = Mqtt5Client.builder()
                .identifier(arguments.text("app") + "-probe")
                .serverHost("127.0.0.1")
                .serverPort(arguments.number("port"))
                .buildAsync();
        client.publishes(MqttGlobalPublishFilter.ALL, publish -> mqtt.saw(publish.getPayloadAsBytes()));
        client.connect().join();
        client.subscribeWith()
                .topicFilter(arguments.text("app") + "/#")
                .qos(MqttQos.AT_LEAST_ONCE)
                .send()
                .join();
        return client;
    }

    private static Map<String, Object> config(String bootstrapServers) {
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return config;
    }
}
