package io.mqttrelay.sink.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.KafkaCheck;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.read.ConfigReader;
import io.mqttrelay.common.config.read.ConfigResult;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.thread.GuardedExecutors;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkContext;
import io.mqttrelay.dispatch.sink.SinkFactory;
import io.mqttrelay.dispatch.sink.SinkProviders;
import io.mqttrelay.dispatch.sink.SinkResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The sinks of one process, for addresses of one target {@code second}, from configuration files. */
final class TargetFixture implements AutoCloseable {
    private final Path folder;
    private final String target;
    private final String egress;
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final SinkFactory sinks;

    /** @param target the entry of {@code targets.kafka} */
    TargetFixture(Path folder, String target) throws IOException {
        this(folder, target, "{}");
    }

    TargetFixture(Path folder, String target, String egress) throws IOException {
        this.folder = folder;
        this.target = target;
        this.egress = egress;
        ConfigResult.Valid valid = (ConfigResult.Valid) read("\"callbackAddress\": \"http://callback.example/\"");
        sinks = new KafkaSinkProvider()
                .open(new SinkContext(
                        Clock.systemUTC(),
                        "test",
                        valid.config().egress(),
                        () -> null,
                        new GuardedExecutors(failures::add)));
    }

    /** @param route its addresses and their settings */
    ConfigResult read(String route) throws IOException {
        Path file =
                Files.writeString(Files.createTempFile(folder, "relay", ".json"), """
                {"mqtt_brokers": [{"client_id": "route", "broker_ip": "127.0.0.1", "sub_deal_config": {
                    "app_id": "app", "subTopic": {"topic": "#", "qos": 1}, %s}}],
                 "targets": {"kafka": {"second": %s}}, "egress": %s}
                """.formatted(route, target, egress));
        return ConfigReader.read(
                file, name -> null, KafkaCheck.NONE, SinkProviders.installed().schemes());
    }

    Destination destination(String route) throws IOException {
        ConfigResult result = read(route);
        assertThat(result).isInstanceOf(ConfigResult.Valid.class);
        return ((ConfigResult.Valid) result)
                .config()
                .routes()
                .get(0)
                .destinations()
                .get(0);
    }

    /** @param settings of the route, each with a comma before it */
    Sink sink(String topic, String settings) throws IOException {
        return sinks.sink(destination("\"callbackAddress\": \"kafka://second/" + topic + "\"" + settings));
    }

    static RelayMessage message(String id, String topic, byte[] payload) {
        return new RelayMessage(id, "app", "route", 1, topic, 1, false, null, null, null, null, List.of(), payload);
    }

    static RelayMessage message(String id, String topic) {
        return message(id, topic, id.getBytes(StandardCharsets.UTF_8));
    }

    static SinkResult.Unavailable unavailable(SinkResult result) {
        assertThat(result).isInstanceOf(SinkResult.Unavailable.class);
        return (SinkResult.Unavailable) result;
    }

    @Override
    public void close() {
        sinks.close();
        assertThat(failures).isEmpty();
    }
}
