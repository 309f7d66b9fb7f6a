package io.mqttrelay.dispatch.format;

import io.mqttrelay.common.config.Address;
import io.mqttrelay.common.config.Batch;
import io.mqttrelay.common.config.Broker;
import io.mqttrelay.common.config.HostPort;
import io.mqttrelay.common.config.MessageFormat;
import io.mqttrelay.common.config.MqttVersion;
import io.mqttrelay.common.config.Ordering;
import io.mqttrelay.common.config.RetryBackoff;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.Secret;
import io.mqttrelay.common.config.Subscription;
import io.mqttrelay.common.config.TlsSettings;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.record.UserProperty;
import io.mqttrelay.common.thread.GuardedExecutors;
import io.mqttrelay.common.topic.TopicFilter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Routes, addresses and messages for tests that set only the properties they need. */
public final class Samples {
    public static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    public static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    public static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** An exception that escapes from a task is a defect. */
    public static final GuardedExecutors EXECUTORS = new GuardedExecutors(Throwable::printStackTrace);

    private static final Broker BROKER = new Broker(
            null,
            null,
            60,
            List.of(new HostPort("localhost", 1883)),
            MqttVersion.V5,
            null,
            null,
            Duration.ofDays(7),
            65_535,
            null,
            true,
            false);

    private Samples() {}

    public static Route route(MessageFormat format, Duration timeout, Address address) {
        return route(format, null, timeout, address);
    }

    public static Route batched(Address address) {
        return route(MessageFormat.RAW, new Batch(100, 256L << 10, Duration.ofMillis(20)), TIMEOUT, address);
    }

    private static Route route(MessageFormat format, Batch batch, Duration timeout, Address address) {
        return new Route(
                "client-1",
                BROKER,
                "app-1",
                "App one",
                true,
                List.of(address),
                List.of(new Subscription(TopicFilter.parse("#"), 1)),
                List.of(),
                5,
                new RetryBackoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(60), 0.2),
                Duration.ofDays(1),
                timeout,
                Ordering.TOPIC,
                format,
                128,
                null,
                batch,
                null,
                Set.of(400, 406, 413, 414, 415, 422, 431));
    }

    public static Route route(Duration timeout, Address address) {
        return route(MessageFormat.RAW, timeout, address);
    }

    public static Address address(String url) {
        return new Address(URI.create(url), Map.of(), List.of(), TlsSettings.JVM_DEFAULT);
    }

    public static Address address(String url, Map<String, Secret> headers, String... secrets) {
        List<Secret> signing = List.of(secrets).stream().map(Secret::new).toList();
        return new Address(URI.create(url), headers, signing, TlsSettings.JVM_DEFAULT);
    }

    public static Address address(String url, TlsSettings tls) {
        return new Address(URI.create(url), Map.of(), List.of(), tls);
    }

    public static RelayMessage message(String payload) {
        return message(payload.getBytes(StandardCharsets.UTF_8));
    }

    public static RelayMessage message(byte[] payload) {
        return message("plant/1/temperature", null, List.of(), payload);
    }

    public static RelayMessage message(
            String topic, String contentType, List<UserProperty> properties, byte[] payload) {
        return message("0199-id", topic, contentType, properties, payload);
    }

    public static RelayMessage message(
            String id, String topic, String contentType, List<UserProperty> properties, byte[] payload) {
        return new RelayMessage(
                id,
                "app-1",
                "client-1",
                NOW.toEpochMilli() - 1500,
                topic,
                1,
                false,
                contentType,
                null,
                null,
                null,
                properties,
                payload);
    }
}
