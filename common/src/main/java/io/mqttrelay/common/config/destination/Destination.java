package io.mqttrelay.common.config.destination;

import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.config.value.TlsSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One address of a route with all settings that count for it: its own, or else the route's, or else the defaults.
 *
 * @param owner the route that it belongs to
 * @param id identifies it within its route: in commit metadata, dead letters and commands; holds no secret
 * @param name for people; null: none
 * @param address its URL
 * @param enabled false: its backlog waits in Kafka
 * @param when the condition of a message's delivery, an expression; null: every message
 * @param retry when a failed attempt is repeated
 * @param calls bounds of its calls, and the meaning of answers
 * @param request the content of its requests
 * @param target the connection that the URL names; null: its scheme has none
 * @param label in meters
 */
public record Destination(
        Owner owner,
        String id,
        @Nullable String name,
        Address address,
        boolean enabled,
        @Nullable String when,
        Retry retry,
        Calls calls,
        Request request,
        @Nullable TargetEntry target,
        AddressLabel label) {
    /**
     * The route of a destination.
     *
     * @param appId any non-empty string
     * @param appName for display
     * @param clientId the route's name
     * @param ordering which messages arrive in order
     */
    public record Owner(String appId, String appName, String clientId, Ordering ordering) {}

    /**
     * When a failed attempt is repeated.
     *
     * @param retries after the first attempt, 0 or more
     * @param backoff the wait before each
     * @param holdFor how long one message may hold up the destination while no other message can be tried in its place
     */
    public record Retry(int retries, RetryBackoff backoff, Duration holdFor) {}

    /**
     * Bounds of the calls, and the meaning of answers.
     *
     * @param timeout of a whole call, from connect to the last byte of the answer
     * @param maxInFlight concurrent calls in one dispatcher
     * @param rateLimit calls per second; may be a fraction; null: no limit
     * @param circuitBreaker null: off
     * @param acceptOn statuses beside 2xx that mean delivered
     * @param rejectOn statuses that make the message a dead letter at once; none of {@code acceptOn}
     */
    public record Calls(
            Duration timeout,
            int maxInFlight,
            @Nullable Double rateLimit,
            @Nullable CircuitBreakerSettings circuitBreaker,
            Set<Integer> acceptOn,
            Set<Integer> rejectOn) {
        public Calls {
            acceptOn = Set.copyOf(acceptOn);
            rejectOn = Set.copyOf(rejectOn);
        }
    }

    /**
     * The content of the requests.
     *
     * @param format of a body of one message
     * @param template null: none
     * @param batch null: one request per message
     * @param headers sent with every request, in the file's order
     * @param signingSecrets Standard Webhooks secrets, newest first, at most 4; empty: unsigned
     * @param oauth2 null: none
     * @param tls of the connection
     * @param statement SQL; null: its scheme has none
     * @param reply null: answers are dropped
     */
    public record Request(
            MessageFormat format,
            @Nullable Template template,
            @Nullable Batch batch,
            Map<String, Secret> headers,
            List<Secret> signingSecrets,
            @Nullable OAuth2 oauth2,
            TlsSettings tls,
            @Nullable String statement,
            @Nullable Reply reply) {
        public Request {
            headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
            signingSecrets = List.copyOf(signingSecrets);
        }
    }

    /** A copy as one of the destinations of a route: with a label that no other one has. */
    public Destination among(Collection<Destination> all) {
        String plain = plainLabel();
        long same =
                all.stream().filter(other -> other.plainLabel().equals(plain)).count();
        return with(enabled, AddressLabel.of(owner.clientId(), plain, id, same <= 1));
    }

    private String plainLabel() {
        return name == null ? address.origin() : name;
    }

    private Destination with(boolean otherEnabled, AddressLabel otherLabel) {
        return new Destination(owner, id, name, address, otherEnabled, when, retry, calls, request, target, otherLabel);
    }

    /**
     * Whether all settings of calls are equal: all but {@link #enabled} and the label, which depends on the route's other
     * addresses.
     */
    public boolean hasCallsOf(Destination other) {
        return with(other.enabled, other.label).equals(other);
    }

    /** A copy whose requests carry one message each, and the payload where a template makes the body. */
    public Destination withoutBatch() {
        Request single = new Request(
                request.format() == MessageFormat.TEMPLATE ? MessageFormat.RAW : request.format(),
                request.template(),
                null,
                request.headers(),
                request.signingSecrets(),
                request.oauth2(),
                request.tls(),
                request.statement(),
                request.reply());
        return new Destination(owner, id, name, address, enabled, when, retry, calls, single, target, label);
    }

    /** How dead letters, logs and meters name it. */
    public AddressName naming() {
        return new AddressName(id, display(), label);
    }

    /** For logs and errors: its name or the id that the operator gave it, and the URL without secrets. */
    public String display() {
        if (name != null) {
            return name + " (" + address.display() + ")";
        }
        return id.equals(address.id()) ? address.display() : id + " (" + address.display() + ")";
    }

    /** As {@link #display()}, so that a text logged by accident holds no secret. */
    @Override
    public String toString() {
        return display();
    }
}
