package io.mqttrelay.common.config;

import io.mqttrelay.common.topic.ExcludeRule;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One app's subscription at one MQTT broker, and the addresses that get its messages: an entry of
 * {@code sub_deal_config}.
 *
 * @param name the MQTT client id, unique over the file; {@code relay-client-id} of its records
 * @param appId any non-empty string; several routes may share one
 * @param appName for display
 * @param enabled false: ingest takes nothing, dispatch leaves the backlog in Kafka
 * @param addresses every one gets every message; at least one, no two with one {@link Address#id()}; each gets its label here
 * @param subscriptions at least one; their filters do not overlap
 * @param excludes a message that matches one is not delivered
 * @param retry retries after the first attempt, 0 or more
 * @param holdFor how long one message may hold up its address while no other message can be tried in its place
 * @param timeout of a whole call, from connect to the last byte of the answer
 * @param maxInFlight concurrent calls per address
 * @param rateLimit calls per second and address, 1 or more; null: no limit
 * @param batch null: one request per message
 * @param circuitBreaker null: off
 * @param rejectOn statuses that make the message a dead letter at once
 */
public record Route(
        String name,
        Broker broker,
        String appId,
        String appName,
        boolean enabled,
        List<Address> addresses,
        List<Subscription> subscriptions,
        List<ExcludeRule> excludes,
        int retry,
        RetryBackoff retryBackoff,
        Duration holdFor,
        Duration timeout,
        Ordering ordering,
        MessageFormat messageFormat,
        int maxInFlight,
        @Nullable Double rateLimit,
        @Nullable Batch batch,
        @Nullable CircuitBreakerSettings circuitBreaker,
        Set<Integer> rejectOn) {
    public Route {
        List<Address> all = List.copyOf(addresses);
        addresses = all.stream().map(each -> each.of(name, all)).toList();
        subscriptions = List.copyOf(subscriptions);
        excludes = List.copyOf(excludes);
        rejectOn = Set.copyOf(rejectOn);
    }
}
