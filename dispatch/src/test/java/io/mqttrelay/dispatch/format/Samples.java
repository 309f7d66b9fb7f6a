package io.mqttrelay.dispatch.format;

import io.mqttrelay.common.config.destination.Address;
import io.mqttrelay.common.config.destination.AddressLabel;
import io.mqttrelay.common.config.destination.Batch;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.MessageFormat;
import io.mqttrelay.common.config.destination.OAuth2;
import io.mqttrelay.common.config.destination.RetryBackoff;
import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.config.value.TlsSettings;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.record.UserProperty;
import io.mqttrelay.common.thread.GuardedExecutors;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Routes, addresses and messages for tests that set only the properties they need. */
public final class Samples {
    public static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    public static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    public static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** An exception that escapes from a task is a defect. */
    public static final GuardedExecutors EXECUTORS = new GuardedExecutors(Throwable::printStackTrace);

    public static final Destination.Owner OWNER = new Destination.Owner("app-1", "App one", "client-1", Ordering.TOPIC);

    private Samples() {}

    /** The same destination with another limit of its calls. */
    public static Destination within(Duration timeout, Destination like) {
        Destination.Calls calls = like.calls();
        return with(
                like,
                new Destination.Calls(
                        timeout,
                        calls.maxInFlight(),
                        calls.rateLimit(),
                        calls.circuitBreaker(),
                        calls.acceptOn(),
                        calls.rejectOn()),
                like.request());
    }

    /** The same destination with another format. */
    public static Destination formatted(MessageFormat format, Destination like) {
        Destination.Request request = like.request();
        return with(
                like, like.calls(), request(format, null, request.headers(), request.signingSecrets(), request.tls()));
    }

    /** The same destination with OAuth2. */
    public static Destination authorized(OAuth2 login, Destination like) {
        Destination.Request request = like.request();
        return with(
                like,
                like.calls(),
                new Destination.Request(
                        request.format(),
                        null,
                        request.batch(),
                        request.headers(),
                        request.signingSecrets(),
                        login,
                        request.tls(),
                        null,
                        null));
    }

    /** The same destination with further statuses that mean delivered. */
    public static Destination accepting(Set<Integer> statuses, Destination like) {
        Destination.Calls calls = like.calls();
        return with(
                like,
                new Destination.Calls(
                        calls.timeout(),
                        calls.maxInFlight(),
                        calls.rateLimit(),
                        calls.circuitBreaker(),
                        statuses,
                        calls.rejectOn()),
                like.request());
    }

    /** The same destination with batches. */
    public static Destination batched(Destination like) {
        Destination.Request request = like.request();
        return with(
                like,
                like.calls(),
                request(
                        MessageFormat.RAW,
                        new Batch(100, 256L << 10, Duration.ofMillis(20)),
                        request.headers(),
                        request.signingSecrets(),
                        request.tls()));
    }

    public static Destination address(String url) {
        return address(url, Map.of());
    }

    public static Destination address(String url, Map<String, Secret> headers, String... secrets) {
        List<Secret> signing = List.of(secrets).stream().map(Secret::new).toList();
        return destination(
                new Address(URI.create(url), null),
                request(MessageFormat.RAW, null, headers, signing, TlsSettings.JVM_DEFAULT));
    }

    public static Destination address(String url, TlsSettings tls) {
        return destination(
                new Address(URI.create(url), null), request(MessageFormat.RAW, null, Map.of(), List.of(), tls));
    }

    /** A destination with the defaults of the file, but for its request and the limit of its calls. */
    public static Destination destination(Address address, Destination.Request request) {
        return new Destination(
                OWNER,
                address.id(),
                null,
                address,
                true,
                null,
                new Destination.Retry(
                        5, new RetryBackoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(60), 0.2), Duration.ofDays(1)),
                new Destination.Calls(TIMEOUT, 128, null, null, Set.of(), Set.of(400, 406, 413, 414, 415, 422, 431)),
                request,
                null,
                AddressLabel.NONE);
    }

    private static Destination with(Destination like, Destination.Calls calls, Destination.Request request) {
        return new Destination(
                like.owner(),
                like.id(),
                like.name(),
                like.address(),
                like.enabled(),
                like.when(),
                like.retry(),
                calls,
                request,
                like.target(),
                like.label());
    }

    public static Destination.Request request(
            MessageFormat format,
            @Nullable Batch batch,
            Map<String, Secret> headers,
            List<Secret> signingSecrets,
            TlsSettings tls) {
        return new Destination.Request(format, null, batch, headers, signingSecrets, null, tls, null, null);
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
