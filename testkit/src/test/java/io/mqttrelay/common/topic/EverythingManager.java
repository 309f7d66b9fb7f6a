package io.mqttrelay.common.topic;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.hivemq.client.mqtt.MqttClient;
import io.mqttrelay.common.config.value.Secret;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.header.Headers;

/** Breaks every rule of the package table that the libraries of this module can break. */
public class EverythingManager {
    static int count;

    public List<Object> everything(Consumer<byte[], byte[]> consumer, Headers headers, Secret secret) {
        count++;
        return List.of(
                consumer.poll(Duration.ZERO),
                headers,
                secret.reveal(),
                new ObjectMapper(),
                MqttClient.builder(),
                new Thread());
    }
}
