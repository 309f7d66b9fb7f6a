package io.mqttrelay.sink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.mqttrelay.common.cli.Cli;
import io.mqttrelay.common.cli.ValidateCommand;
import io.mqttrelay.common.config.KafkaCheck;
import io.mqttrelay.common.config.read.ConfigReader;
import io.mqttrelay.common.config.read.ConfigResult;
import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.dispatch.DispatchService;
import io.mqttrelay.dispatch.command.ExplainCommand;
import io.mqttrelay.dispatch.sink.SinkProviders;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.embedded.EmbeddedMqtt;
import io.mqttrelay.testkit.kafka.SharedBrokers;
import io.mqttrelay.testkit.kafka.TestTopics;
import io.mqttrelay.testkit.net.TcpProxy;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A whole dispatcher publishes to another broker, over its outage. */
@ExtendWith(SharedBrokers.class)
class MqttDeliveryIT {
    @TempDir
    private Path folder;

    private final EmbeddedKafka kafka;
    private final String prefix = TestTopics.uniqueName("mqttsink");
    private final TopicNames names = new TopicNames(prefix);
    private final SinkProviders providers = SinkProviders.installed();

    MqttDeliveryIT(EmbeddedKafka kafka) {
        this.kafka = kafka;
    }

    /** The route subscribes to in/# at port 1883. */
    private Path configuration(int port, String address) throws IOException {
        return Files.writeString(
                folder.resolve("relay.json"), """
                    {"mqtt_brokers": [{"client_id": "route", "broker_ip": "127.0.0.1", "sub_deal_config": {
                        "app_id": "app", "subTopic": {"topic": "in/#", "qos": 1}, "callbackAddress": "%s",
                        "retry_backoff": {"initial": "100ms", "max": "1s"}, "timeout": "2s",
                        "circuit_breaker": {"open_for": "1s"}}}],
                     "targets": {"mqtt": {"site": {"broker_ip": "127.0.0.1", "broker_port": %d}}},
                     "kafka": {"bootstrap_servers": "%s", "topic_prefix": "%s", "partitions": 1, "replication_factor": 1},
                     "dispatch": {"group_id": "%s"},
                     "admin": {"ingest_port": 0, "dispatch_port": 0}}
                    """.formatted(address, port, kafka.bootstrapServers(), prefix, prefix));
    }

    private String run(int expected, String command, Path file, String... options) {
        List<String> args = new ArrayList<>(List.of(command, "--config", file.toString()));
        args.addAll(List.of(options));
        StringWriter out = new StringWriter();
        int code = Cli.run(
                args.toArray(new String[0]),
                List.of(new ValidateCommand(providers.schemes()), new ExplainCommand()),
                new PrintWriter(out, true),
                new PrintWriter(out, true));
        assertThat(code).as(out.toString()).isEqualTo(expected);
        return out.toString();
    }

    @Test
    void itsAddressesAreValidatedAndExplained() throws IOException {
        Path file = configuration(1884, "mqtt://site/in/copy");

        assertThat(run(0, "validate", file)).contains("mqtt://site/in/copy").endsWith("valid\n");
        assertThat(run(0, "explain", file, "--topic", "in/1"))
                .contains("PUBLISH mqtt://site/in/copy")
                .contains("topic: in/copy")
                .contains("relay-hop=<cluster id>/<topic_prefix>");
    }

    @Test
    void aTopicWithAWildcardIsRefused() throws IOException {
        assertThat(run(2, "validate", configuration(1884, "mqtt://site/out/%23")))
                .contains("the MQTT topic has a wildcard");
    }

    @Test
    void aTopicThatARouteSubscribesToIsRefused() throws IOException {
        assertThat(run(2, "validate", configuration(1883, "mqtt://site/in/copy")))
                .contains("in/copy")
                .contains("in/#");
    }

    @Test
    void messagesArriveOverAnOutage() throws Exception {
        try (EmbeddedMqtt broker = EmbeddedMqtt.launch();
                TcpProxy proxy = TcpProxy.to(broker.port());
                Subscriber5 subscriber = new Subscriber5(broker.port())) {
            Path file = configuration(proxy.port(), "mqtt://site/out");
            List<Throwable> failures = new CopyOnWriteArrayList<>();
            ConfigResult.Valid valid =
                    (ConfigResult.Valid) ConfigReader.read(file, name -> null, KafkaCheck.NONE, providers.schemes());
            DispatchService service = DispatchService.start(valid.config(), "test", failures::add);
            try {
                store("1");
                Mqtt5Publish first = subscriber.await(1).get(0);
                assertThat(first.getUserProperties().asList())
                        .extracting(each -> each.getName() + "=" + each.getValue())
                        .containsExactly("relay-hop=" + clusterId() + "/" + prefix);

                proxy.refuse();
                store("2");
                store("3");
                proxy.pass();

                subscriber.await(3);
                assertThat(subscriber.payloads()).containsExactly("1", "2", "3");
            } finally {
                service.close(Duration.ofSeconds(10));
            }
            assertThat(failures).isEmpty();
        }
    }

    private String clusterId() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            return admin.describeCluster().clusterId().get(20, TimeUnit.SECONDS);
        }
    }

    private void store(String id) throws Exception {
        RelayMessage message = new RelayMessage(
                id,
                "app",
                "route",
                1,
                "in/1",
                1,
                false,
                null,
                null,
                null,
                null,
                List.of(),
                id.getBytes(StandardCharsets.UTF_8));
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new RecordCodec().encode(message, Ordering.TOPIC, names.messages("app")))
                    .get();
        }
    }
}
