package io.mqttrelay.common.config.read.destination;

import io.mqttrelay.common.config.destination.AddressScheme;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.OAuth2;
import io.mqttrelay.common.config.destination.Reply;
import io.mqttrelay.common.config.destination.RetryBackoff;
import io.mqttrelay.common.config.destination.Template;
import io.mqttrelay.common.config.read.value.Tls;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.config.value.TlsSettings;
import io.mqttrelay.common.settings.Fields;
import io.mqttrelay.common.settings.Key;
import io.mqttrelay.common.settings.SwitchableType.Switch;
import io.mqttrelay.common.settings.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Resolves the settings of the addresses of one route. A section of the route is read once, so that its problems are
 * reported once.
 */
final class RouteSettings {
    private static final String AUTHORIZATION = "Authorization";

    /** The keys that only some schemes have. */
    private static final List<Key<?>> LIMITED = List.of(
            DestinationSection.MESSAGE_FORMAT,
            DestinationSection.TEMPLATE,
            DestinationSection.HEADERS,
            DestinationSection.SIGNING_SECRETS,
            DestinationSection.OAUTH2,
            DestinationSection.BATCH,
            DestinationSection.ACCEPT_ON,
            DestinationSection.REJECT_ON,
            DestinationSection.TLS,
            DestinationSection.STATEMENT,
            DestinationSection.REPLY);

    private final Fields route;
    private final Map<Fields, RetryBackoff> backoffs = new HashMap<>();
    private final Map<Fields, TlsSettings> tls = new HashMap<>();
    private boolean conflictTold;

    RouteSettings(Fields route) {
        this.route = route;
    }

    DestinationFields of(@Nullable Fields own) {
        return new DestinationFields(route, own);
    }

    /** Reports the problems of the route's settings, also of those that no address uses. */
    void checkRoute() {
        DestinationFields all = of(null);
        backoff(all);
        tls(all);
        Map<String, Secret> headers = route.find(DestinationSection.HEADERS);
        Value written = route.written(DestinationSection.HEADERS);
        if (headers != null && written != null) {
            Headers.checkDistinct(headers, written);
        }
    }

    RetryBackoff backoff(DestinationFields fields) {
        Fields written = fields.find(DestinationSection.RETRY_BACKOFF);
        return written == null
                ? RetryBackoffSection.backoff(null)
                : backoffs.computeIfAbsent(written, RetryBackoffSection::backoff);
    }

    private TlsSettings tls(DestinationFields fields) {
        Fields written = fields.find(DestinationSection.TLS);
        return written == null ? TlsSettings.JVM_DEFAULT : tls.computeIfAbsent(written, Tls::callback);
    }

    private @Nullable OAuth2 oauth2(DestinationFields fields) {
        Fields written = fields.find(DestinationSection.OAUTH2);
        return written == null ? null : OAuth2Section.oauth2(written);
    }

    Destination.Calls calls(DestinationFields fields, AddressScheme scheme) {
        Switch<Double> limit = fields.find(DestinationSection.RATE_LIMIT);
        Set<Integer> accept =
                scheme.has(AddressScheme.ACCEPT_ON) ? Set.copyOf(fields.get(DestinationSection.ACCEPT_ON)) : Set.of();
        return new Destination.Calls(
                fields.get(DestinationSection.TIMEOUT),
                fields.get(DestinationSection.MAX_IN_FLIGHT),
                limit == null ? null : limit.on(),
                CircuitBreakerSection.settings(fields.find(DestinationSection.CIRCUIT_BREAKER)),
                accept,
                scheme.has(AddressScheme.REJECT_ON) ? rejected(fields, accept) : Set.of());
    }

    private Set<Integer> rejected(DestinationFields fields, Set<Integer> accepted) {
        Set<Integer> rejected = new HashSet<>(fields.get(DestinationSection.REJECT_ON));
        Fields source = fields.source(DestinationSection.REJECT_ON);
        Set<Integer> both = new HashSet<>(rejected);
        both.retainAll(accepted);
        if (!both.isEmpty() && source.has(DestinationSection.REJECT_ON)) {
            Fields later =
                    fields.isOwn(DestinationSection.ACCEPT_ON) ? fields.source(DestinationSection.ACCEPT_ON) : source;
            if (later != route || !conflictTold) {
                later.problem(
                        later == source ? DestinationSection.REJECT_ON : DestinationSection.ACCEPT_ON,
                        "has " + both + " in common with " + (later == source ? "accept_on" : "reject_on"));
            }
            conflictTold |= later == route;
        }
        rejected.removeAll(accepted);
        return rejected;
    }

    Destination.Request request(DestinationFields fields, AddressScheme scheme, CallbackType.Callback callback) {
        checkLimited(fields, scheme);
        Template template = BodySettings.template(fields, scheme);
        boolean hasHeaders = scheme.has(AddressScheme.HEADERS);
        List<Secret> secrets = fields.find(DestinationSection.SIGNING_SECRETS);
        return new Destination.Request(
                BodySettings.format(fields, scheme, template),
                template,
                scheme.has(AddressScheme.BATCH) ? BodySettings.batch(fields) : null,
                hasHeaders ? headers(fields, callback) : Map.of(),
                scheme.has(AddressScheme.SIGNING_SECRETS) && secrets != null ? secrets : List.of(),
                scheme.has(AddressScheme.OAUTH2) ? oauth2(fields) : null,
                scheme.has(AddressScheme.TLS) ? tls(fields) : TlsSettings.JVM_DEFAULT,
                statement(fields),
                reply(fields, scheme));
    }

    private static void checkLimited(DestinationFields fields, AddressScheme scheme) {
        Fields own = fields.own();
        if (own == null) {
            return;
        }
        for (Key<?> key : LIMITED) {
            if (own.has(key) && !scheme.has(key.name())) {
                own.problem(key, DestinationFields.foreign(scheme));
            }
        }
        Fields template = own.find(DestinationSection.TEMPLATE);
        if (template != null) {
            TemplateSection.check(template, scheme);
        }
    }

    /**
     * The route's headers and those of the address. A user name in the URL becomes a header, because the URL is written
     * to dead letters and HTTP clients do not send it.
     */
    private Map<String, Secret> headers(DestinationFields fields, CallbackType.Callback callback) {
        Fields own = fields.own();
        Map<String, Secret> given = own == null ? null : own.find(DestinationSection.HEADERS);
        Value written = own == null ? null : own.written(DestinationSection.HEADERS);
        if (given != null && written != null) {
            Headers.checkDistinct(given, written);
        }
        Map<String, Secret> mine = given == null ? Map.of() : given;
        Secret login = CallbackUrl.basicLogin(callback.url());
        if (login != null && mine.keySet().stream().anyMatch(AUTHORIZATION::equalsIgnoreCase)) {
            callback.written().problem("has a user name in its URL and an Authorization header: give one of them");
        }
        Map<String, Secret> ofRoute = route.find(DestinationSection.HEADERS);
        Map<String, Secret> merged = Headers.merge(ofRoute == null ? Map.of() : ofRoute, mine);
        return login == null ? merged : Headers.merge(merged, Map.of(AUTHORIZATION, login));
    }

    private static @Nullable String statement(DestinationFields fields) {
        return fields.own() == null ? null : fields.own().find(DestinationSection.STATEMENT);
    }

    private static @Nullable Reply reply(DestinationFields fields, AddressScheme scheme) {
        Fields written = fields.own() == null || !scheme.has(AddressScheme.REPLY)
                ? null
                : fields.own().find(DestinationSection.REPLY);
        return written == null ? null : ReplySection.reply(written);
    }
}
