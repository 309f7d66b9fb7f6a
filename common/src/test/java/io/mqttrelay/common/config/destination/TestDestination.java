package io.mqttrelay.common.config.destination;

import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.config.value.TlsSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A destination for tests that set only the properties they need; the others have the defaults of the file. */
public final class TestDestination {
    public static final Set<Integer> REJECT_ON = Set.of(400, 406, 413, 414, 415, 422, 431);

    private final Destination.Owner owner;
    private final Address address;
    private @Nullable String id;
    private @Nullable String name;
    private boolean enabled = true;
    private int retries = 5;
    private Map<String, Secret> headers = Map.of();

    private TestDestination(Destination.Owner owner, String url) {
        this.owner = owner;
        this.address = new Address(URI.create(url), null);
    }

    public static TestDestination of(String clientId, String appId, String url) {
        return new TestDestination(new Destination.Owner(appId, appId, clientId, Ordering.TOPIC), url);
    }

    /** Of a route with an app name and an order of its own. */
    public static TestDestination of(Destination.Owner owner, String url) {
        return new TestDestination(owner, url);
    }

    public TestDestination id(String other) {
        id = other;
        return this;
    }

    public TestDestination name(String other) {
        name = other;
        return this;
    }

    public TestDestination disabled() {
        enabled = false;
        return this;
    }

    public TestDestination retries(int count) {
        retries = count;
        return this;
    }

    public TestDestination headers(Map<String, Secret> all) {
        headers = all;
        return this;
    }

    public Destination build() {
        return new Destination(
                owner,
                id == null ? address.id() : id,
                name,
                address,
                enabled,
                null,
                new Destination.Retry(
                        retries,
                        new RetryBackoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(60), 0.2),
                        Duration.ofDays(1)),
                new Destination.Calls(
                        Duration.ofSeconds(10),
                        128,
                        null,
                        new CircuitBreakerSettings(50, 20, Duration.ofSeconds(15)),
                        Set.of(),
                        REJECT_ON),
                new Destination.Request(
                        MessageFormat.RAW, null, null, headers, List.of(), null, TlsSettings.JVM_DEFAULT, null, null),
                null,
                AddressLabel.NONE);
    }
}
