package io.mqttrelay.dispatch;

import io.mqttrelay.common.config.Address;
import io.mqttrelay.common.config.Batch;
import io.mqttrelay.common.config.Broker;
import io.mqttrelay.common.config.CircuitBreakerSettings;
import io.mqttrelay.common.config.HostPort;
import io.mqttrelay.common.config.MessageFormat;
import io.mqttrelay.common.config.MqttVersion;
import io.mqttrelay.common.config.Ordering;
import io.mqttrelay.common.config.RetryBackoff;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.Subscription;
import io.mqttrelay.common.config.TlsSettings;
import io.mqttrelay.common.topic.ExcludeRule;
import io.mqttrelay.common.topic.TopicFilter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A route for tests that set only the properties they need. */
public final class TestRoute {
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

    private final String name;
    private final String appId;
    private final List<Address> addresses;
    private boolean enabled = true;
    private List<ExcludeRule> excludes = List.of();
    private int retry = 5;
    private RetryBackoff backoff = new RetryBackoff(Duration.ofMillis(20), 1, Duration.ofMillis(20), 0);
    private Duration holdFor = Duration.ofDays(1);
    private Duration timeout = Duration.ofSeconds(10);
    private Ordering ordering = Ordering.TOPIC;
    private int maxInFlight = 128;
    private MessageFormat format = MessageFormat.RAW;
    private Batch batch;
    private @Nullable CircuitBreakerSettings breaker;
    private @Nullable Double rateLimit;

    private TestRoute(String name, String appId, String... urls) {
        this.name = name;
        this.appId = appId;
        this.addresses = Stream.of(urls)
                .map(url -> new Address(URI.create(url), Map.of(), List.of(), TlsSettings.JVM_DEFAULT))
                .toList();
    }

    public static TestRoute of(String name, String appId, String... urls) {
        return new TestRoute(name, appId, urls);
    }

    /** Makes a similar route with other addresses. */
    static TestRoute like(Route route, String... urls) {
        TestRoute like = of(route.name(), route.appId(), urls);
        like.excludes = route.excludes();
        like.retry = route.retry();
        like.backoff = route.retryBackoff();
        like.holdFor = route.holdFor();
        like.timeout = route.timeout();
        like.ordering = route.ordering();
        like.maxInFlight = route.maxInFlight();
        like.batch = route.batch();
        like.rateLimit = route.rateLimit();
        like.breaker = route.circuitBreaker();
        return like;
    }

    public TestRoute disabled() {
        enabled = false;
        return this;
    }

    public TestRoute excluding(String... rules) {
        excludes = Stream.of(rules).map(ExcludeRule::parse).toList();
        return this;
    }

    public TestRoute retry(int retries) {
        retry = retries;
        return this;
    }

    public TestRoute backoff(Duration initial, double multiplier, Duration max, double jitter) {
        backoff = new RetryBackoff(initial, multiplier, max, jitter);
        return this;
    }

    /** The same wait between any two attempts. */
    public TestRoute backoff(Duration wait) {
        return backoff(wait, 1, wait, 0);
    }

    public TestRoute holdFor(Duration limit) {
        holdFor = limit;
        return this;
    }

    public TestRoute timeout(Duration limit) {
        timeout = limit;
        return this;
    }

    public TestRoute ordering(Ordering order) {
        ordering = order;
        return this;
    }

    public TestRoute maxInFlight(int calls) {
        maxInFlight = calls;
        return this;
    }

    public TestRoute format(MessageFormat messageFormat) {
        format = messageFormat;
        return this;
    }

    public TestRoute batch(int maxMessages, long maxBytes, Duration linger) {
        batch = new Batch(maxMessages, maxBytes, linger);
        return this;
    }

    public TestRoute rateLimit(double callsPerSecond) {
        rateLimit = callsPerSecond;
        return this;
    }

    /** Disabled unless a test enables it. */
    public TestRoute breaker(double failureRate, int minCalls, Duration openFor) {
        breaker = new CircuitBreakerSettings(failureRate, minCalls, openFor);
        return this;
    }

    public Route build() {
        return new Route(
                name,
                BROKER,
                appId,
                appId,
                enabled,
                addresses,
                List.of(new Subscription(TopicFilter.parse("#"), 1)),
                excludes,
                retry,
                backoff,
                holdFor,
                timeout,
                ordering,
                format,
                maxInFlight,
                rateLimit,
                batch,
                breaker,
                Set.of(400, 406, 413, 414, 415, 422, 431));
    }
}
