package io.mqttrelay.dispatch.deliver;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.mqttrelay.common.config.destination.AddressLabel;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.dispatch.sink.Answer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The meters of one address, looked up once. Any thread. */
public final class DeliveryMeters {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(10),
    };

    private final MeterRegistry registry;
    private final Tags tags;
    private final Map<String, Counter> attempts = new ConcurrentHashMap<>();

    private final Counter delivered;
    private final Counter retried;
    private final Counter rejected;
    private final Counter exhausted;
    private final Counter excluded;
    private final Counter expired;
    private final Counter unprocessable;
    private final Timer attempt;
    private final Timer endToEnd;

    public DeliveryMeters(MeterRegistry registry, Destination destination) {
        this.registry = registry;
        AddressLabel label = destination.label();
        tags = Tags.of(
                "app_id", destination.owner().appId(), "client_id", label.clientId(), "address", label.address());
        delivered = outcome(registry, tags, "delivered");
        retried = outcome(registry, tags, "retried");
        rejected = outcome(registry, tags, "rejected");
        exhausted = outcome(registry, tags, "exhausted");
        excluded = outcome(registry, tags, "excluded");
        expired = outcome(registry, tags, "expired");
        unprocessable = outcome(registry, tags, "unprocessable");
        attempt = timer(registry, tags, "relay.dispatch.attempt", "One call of a callback, from connect to answer");
        endToEnd = timer(
                registry,
                tags,
                "relay.dispatch.end.to.end",
                "From MQTT arrival to the callback's 2xx; what is sent again on request is not in it");
    }

    private static Counter outcome(MeterRegistry registry, Tags tags, String outcome) {
        return Counter.builder("relay.dispatch.deliveries")
                .description("Deliveries by what became of them; retried counts the attempts that will be repeated")
                .tags(tags.and("outcome", outcome))
                .register(registry);
    }

    private static Timer timer(MeterRegistry registry, Tags tags, String name, String description) {
        return Timer.builder(name)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    /** @param answer null: there was none */
    void attempted(long nanos, @Nullable Answer answer) {
        attempt.record(nanos, TimeUnit.NANOSECONDS);
        String statusClass = answer == null ? "none" : answer.statusClass();
        attempts.computeIfAbsent(statusClass, this::attemptsOf).increment();
    }

    private Counter attemptsOf(String statusClass) {
        return Counter.builder("relay.dispatch.attempts")
                .description("Calls by the class of the answer's status: 2xx and so on; none: there was no answer")
                .tags(tags.and("status_class", statusClass))
                .register(registry);
    }

    void delivered(long endToEndMillis) {
        delivered.increment();
        endToEnd.record(Math.max(0, endToEndMillis), TimeUnit.MILLISECONDS);
    }

    /** Counts a message that was sent again on request. */
    void deliveredAgain() {
        delivered.increment();
    }

    void retried() {
        retried.increment();
    }

    void rejected() {
        rejected.increment();
    }

    void exhausted() {
        exhausted.increment();
    }

    void expired() {
        expired.increment();
    }

    void unprocessable() {
        unprocessable.increment();
    }

    /** Counts a message that an exclude rule or a condition kept from this address. */
    public void excluded() {
        excluded.increment();
    }
}
