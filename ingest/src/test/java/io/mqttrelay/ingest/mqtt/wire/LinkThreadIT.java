package io.mqttrelay.ingest.mqtt.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.Broker;
import io.mqttrelay.common.config.value.HostPort;
import io.mqttrelay.common.config.value.MqttVersion;
import io.mqttrelay.embedded.EmbeddedMqtt;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import io.mqttrelay.testkit.kafka.TestTopics;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which thread a message arrives on, with the real client. */
@ExtendWith(SharedBrokers.class)
final class LinkThreadIT {
    private static final int PATIENCE_SECONDS = 20;

    private final EmbeddedMqtt mqtt;

    LinkThreadIT(EmbeddedMqtt mqtt) {
        this.mqtt = mqtt;
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    void aMessageArrivesOnTheEventLoopAndIsHandedToNoOtherThread(MqttVersion version) throws Exception {
        String topic = TestTopics.uniqueName("thread");
        HostPort address = new HostPort("127.0.0.1", mqtt.port());
        CompletableFuture<String> thread = new CompletableFuture<>();
        Link link = new HiveMqLinks(broker(address, version), topic, new EventLoops()).open(address, new Link.Events() {
            @Override
            public void published(Publish publish, Runnable acknowledge) {
                thread.complete(Thread.currentThread().getName());
                acknowledge.run();
            }

            @Override
            public void ended(Link.Ending ending) {
                thread.complete(ending.text());
            }
        });
        try (MqttPublisher publisher = new MqttPublisher(mqtt.port())) {
            link.connect().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            link.subscribe(List.of(new Link.Filter(topic, 1)), false).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            publisher.send(topic, 1);
            publisher.flush();

            assertThat(thread.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).startsWith("ingest-mqtt-");
        } finally {
            link.disconnect().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            link.ended();
        }
    }

    private static Broker broker(HostPort address, MqttVersion version) {
        return new Broker(
                null, null, 60, List.of(address), version, null, null, Duration.ZERO, 65535, null, true, false);
    }
}
