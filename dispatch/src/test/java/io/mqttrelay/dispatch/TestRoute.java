package io.mqttrelay.dispatch;

import io.mqttrelay.common.config.Broker;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.Subscription;
import io.mqttrelay.common.config.destination.Address;
import io.mqttrelay.common.config.destination.AddressLabel;
import io.mqttrelay.common.config.destination.Batch;
import io.mqttrelay.common.config.destination.CircuitBreakerSettings;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.MessageFormat;
import io.mqttrelay.common.config.destination.OAuth2;
import io.mqttrelay.common.config.destination.RetryBackoff;
import io.mqttrelay.common.config.destination.Template;
import io.mqttrelay.common.config.value.HostPort;
import io.mqttrelay.common.config.value.MqttVersion;
import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.config.value.TlsSettings;
import io.mqttrelay.common.topic.ExcludeRule;
import io.mqttrelay.common.topic.TopicFilter;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
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
    private final List<String> urls;
    private final Set<String> off = new HashSet<>();
    private final Map<String, String> ids = new HashMap<>();
    private final Map<String, Integer> retries = new HashMap<>();
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
    private Set<Integer> acceptOn = Set.of();
    private @Nullable OAuth2 oauth2;
    private @Nullable CircuitBreakerSettings breaker;
    private @Nullable Double rateLimit;
    private @Nullable String when;
    private @Nullable Template template;

    private TestRoute(String name, String appId, String... urls) {
        this.name = name;
        this.appId = appId;
        this.urls = List.of(urls);
    }

    public static TestRoute of(String name, String appId, String... urls) {
        return new TestRoute(name, appId, urls);
    }

    /** Makes a similar route with other addresses. */
    static TestRoute like(Route route, String... urls) {
        TestRoute like = of(route.name(), route.appId(), urls);
        like.excludes = route.excludes();
        Destination first = route.destinations().get(0);
        like.retry = first.retry().retries();
        like.backoff = first.retry().backoff();
        like.holdFor = first.retry().holdFor();
        like.timeout = first.calls().timeout();
        like.ordering = route.ordering();
        like.maxInFlight = first.calls().maxInFlight();
        like.batch = first.request().batch();
        like.rateLimit = first.calls().rateLimit();
        like.breaker = first.calls().circuitBreaker();
        return like;
    }

    public TestRoute disabled() {
        enabled = false;
        return this;
    }

    /** One address alone. */
    public TestRoute disabled(String url) {
        off.add(url);
        return this;
    }

    /** The id of one address. */
    public TestRoute id(String url, String id) {
        ids.put(url, id);
        return this;
    }

    /** The retries of one address. */
    public TestRoute retry(String url, int count) {
        retries.put(url, count);
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

    /** After {@link #batch}. */
    public TestRoute batchFormat(Batch.Format body) {
        batch = new Batch(batch.maxMessages(), batch.maxBytes(), batch.linger(), body);
        return this;
    }

    public TestRoute acceptOn(Integer... statuses) {
        acceptOn = Set.of(statuses);
        return this;
    }

    public TestRoute oauth2(OAuth2 login) {
        oauth2 = login;
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

    public TestRoute when(String condition) {
        when = condition;
        return this;
    }

    public TestRoute template(Template ofMessages) {
        template = ofMessages;
        format = MessageFormat.TEMPLATE;
        return this;
    }

    public Route build() {
        return new Route(
                name,
                BROKER,
                appId,
                appId,
                enabled,
                List.of(new Subscription(TopicFilter.parse("#"), 1)),
                excludes,
                ordering,
                urls.stream().map(this::destination).toList());
    }

    private Destination destination(String url) {
        Address address = new Address(URI.create(url), null);
        return new Destination(
                new Destination.Owner(appId, appId, name, ordering),
                ids.getOrDefault(url, address.id()),
                null,
                address,
                enabled && !off.contains(url),
                when,
                new Destination.Retry(retries.getOrDefault(url, retry), backoff, holdFor),
                new Destination.Calls(
                        timeout, maxInFlight, rateLimit, breaker, acceptOn, Set.of(400, 406, 413, 414, 415, 422, 431)),
                new Destination.Request(
                        format, template, batch, Map.of(), List.of(), oauth2, TlsSettings.JVM_DEFAULT, null, null),
                null,
                AddressLabel.NONE);
    }
}
