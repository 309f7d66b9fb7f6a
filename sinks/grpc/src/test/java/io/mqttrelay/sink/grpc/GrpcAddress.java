package io.mqttrelay.sink.grpc;

import io.mqttrelay.common.config.KafkaCheck;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.read.ConfigReader;
import io.mqttrelay.common.config.read.ConfigResult;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.record.UserProperty;
import io.mqttrelay.common.thread.GuardedExecutors;
import io.mqttrelay.dispatch.sink.PreviewContext;
import io.mqttrelay.dispatch.sink.RequestPreview;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkContext;
import io.mqttrelay.dispatch.sink.SinkProviders;
import io.mqttrelay.dispatch.sink.Sinks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** An address as a configuration has it, and a message for it. */
final class GrpcAddress {
    static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private final SinkProviders providers = SinkProviders.installed();
    private final Destination destination;

    private GrpcAddress(Destination destination) {
        this.destination = destination;
    }

    /** @param address a JSON value of {@code callbackAddress} */
    static GrpcAddress of(String address, String... settings) {
        ConfigResult result = read(address, settings);
        if (result instanceof ConfigResult.Valid valid) {
            return new GrpcAddress(valid.config().routes().get(0).destinations().get(0));
        }
        throw new AssertionError(String.join("\n", problems(address, settings)));
    }

    static GrpcAddress url(String url, String... settings) {
        return of('"' + url + '"', settings);
    }

    /** The problems of a configuration with this address; empty: none. */
    static List<String> problems(String address, String... settings) {
        return read(address, settings) instanceof ConfigResult.Invalid invalid ? invalid.problems() : List.of();
    }

    private static ConfigResult read(String address, String... settings) {
        String route = List.of(settings).stream().map(setting -> ", " + setting).collect(Collectors.joining());
        try {
            Path file = Files.createTempFile("relay", ".json");
            try {
                Files.writeString(file, """
                    {"mqtt_brokers": [{"client_id": "client-1", "broker_ip": "127.0.0.1", "sub_deal_config": {
                        "app_id": "app-1", "app_name": "App one", "subTopic": {"topic": "#", "qos": 1},
                        "callbackAddress": %s%s}}]}
                    """.formatted(address, route));
                return ConfigReader.read(
                        file,
                        name -> null,
                        KafkaCheck.NONE,
                        SinkProviders.installed().schemes());
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The sinks of one process. An exception that escapes from a task is a failure. */
    static Sinks sinks(Egress egress, List<Throwable> failures) {
        return new Sinks(
                SinkProviders.installed(),
                new SinkContext(CLOCK, "1.2", egress, () -> null, new GuardedExecutors(failures::add)));
    }

    static Sinks sinks() {
        return sinks(Egress.DEFAULT, new CopyOnWriteArrayList<>());
    }

    Sink in(Sinks sinks) {
        return sinks.sink(destination);
    }

    RequestPreview preview(RelayMessage message) {
        return providers.preview(destination, message, new PreviewContext(CLOCK, "1.2"));
    }

    static RelayMessage message(String id) {
        return message(id, id.getBytes(StandardCharsets.UTF_8));
    }

    static RelayMessage message(String id, byte[] payload) {
        return new RelayMessage(
                id,
                "app-1",
                "client-1",
                NOW.toEpochMilli() - 1500,
                "plant/ü/t",
                1,
                false,
                null,
                null,
                null,
                null,
                List.of(),
                payload);
    }

    /** A message with all that MQTT 5 may add. */
    static RelayMessage fullMessage() {
        return new RelayMessage(
                "0199-full",
                "app-1",
                "client-1",
                NOW.toEpochMilli() - 1500,
                "plant/ü/t",
                2,
                true,
                "text/plain",
                NOW.toEpochMilli() + 60_250,
                "plant/answers",
                new byte[] {0, 1, (byte) 0xFF},
                List.of(new UserProperty("unit", "°C"), new UserProperty("unit", "K")),
                "21.50".getBytes(StandardCharsets.UTF_8));
    }
}
