package io.mqttrelay.common.config.read.destination;

import io.mqttrelay.common.config.TargetSettings;
import io.mqttrelay.common.config.destination.Address;
import io.mqttrelay.common.config.destination.AddressLabel;
import io.mqttrelay.common.config.destination.AddressScheme;
import io.mqttrelay.common.config.destination.AddressSchemes;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.OAuth2;
import io.mqttrelay.common.config.destination.TargetEntry;
import io.mqttrelay.common.config.read.value.Hosts;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.common.settings.DurationType;
import io.mqttrelay.common.settings.Fields;
import io.mqttrelay.common.settings.Key;
import io.mqttrelay.common.settings.TextType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the destinations of a route from the entries of {@code callbackAddress}. */
public final class DestinationReader {
    /** {@code callbackMethod} by scheme. */
    private static final Map<String, String> METHODS = Map.of(
            "http", "HTTP",
            "https", "HTTPS",
            "grpc", "GRPC",
            "grpcs", "GRPC",
            "kafka", "KAFKA",
            "mqtt", "MQTT",
            "jdbc", "JDBC");

    private final AddressSchemes schemes;
    private final Egress egress;
    private final TargetNames targets;
    private final Duration rebalanceWait;

    /**
     * @param schemes of addresses
     * @param egress which hosts are never allowed
     * @param targets that URLs may name
     * @param rebalanceWait of a dispatcher
     */
    public DestinationReader(AddressSchemes schemes, Egress egress, TargetSettings targets, Duration rebalanceWait) {
        this.schemes = schemes;
        this.egress = egress;
        this.targets = new TargetNames(targets);
        this.rebalanceWait = rebalanceWait;
    }

    /**
     * The destinations of a route, no two with one id.
     *
     * @param route the settings that count where an address has none
     * @param owner the route itself
     * @param method {@code callbackMethod}; null: not given
     */
    public List<Destination> read(Fields route, Destination.Owner owner, @Nullable String method) {
        RouteSettings settings = new RouteSettings(route);
        settings.checkRoute();
        checkExpressions(route);
        warnOfLongCalls(new DestinationFields(route, null));
        DistinctAddresses distinct = new DistinctAddresses();
        List<CallbackType.Callback> callbacks = route.find(DestinationSection.CALLBACK_ADDRESS);
        for (CallbackType.Callback callback : callbacks == null ? List.<CallbackType.Callback>of() : callbacks) {
            AddressScheme scheme = scheme(callback);
            if (scheme == null) {
                continue;
            }
            Destination destination = destination(settings, owner, scheme, callback);
            check(scheme, callback, destination);
            warnOfMethod(method, callback, scheme);
            distinct.add(callback, destination);
        }
        return distinct.destinations();
    }

    private Destination destination(
            RouteSettings route, Destination.Owner owner, AddressScheme scheme, CallbackType.Callback callback) {
        DestinationFields fields = route.of(callback.settings());
        if (callback.settings() != null) {
            checkExpressions(callback.settings());
            warnOfLongCalls(fields);
        }
        Address address = new Address(CallbackUrl.withoutLogin(callback.url()), callback.secretPath());
        String id = own(callback, DestinationSection.ID);
        return new Destination(
                owner,
                id == null ? address.id() : id,
                own(callback, DestinationSection.NAME),
                address,
                fields.get(DestinationSection.ENABLED),
                fields.find(DestinationSection.WHEN),
                new Destination.Retry(
                        fields.get(DestinationSection.RETRY),
                        route.backoff(fields),
                        fields.get(DestinationSection.HOLD_FOR)),
                route.calls(fields, scheme),
                route.request(fields, scheme, callback),
                target(scheme, callback),
                AddressLabel.NONE);
    }

    private static @Nullable String own(CallbackType.Callback callback, Key<String> key) {
        return callback.settings() == null ? null : callback.settings().find(key);
    }

    private @Nullable TargetEntry target(AddressScheme scheme, CallbackType.Callback callback) {
        try {
            return targets.find(scheme.name(), callback.url());
        } catch (TextType.WrongException e) {
            callback.writtenUrl().problem(e.what(callback.writtenUrl().isReference()));
            return null;
        }
    }

    /** The scheme of an address; null: it has none that is known, or breaks its rules, and that is reported. */
    private @Nullable AddressScheme scheme(CallbackType.Callback callback) {
        try {
            return CallbackUrl.check(callback.url(), schemes);
        } catch (TextType.WrongException e) {
            callback.writtenUrl().problem(e.what(true));
            return null;
        }
    }

    private void check(AddressScheme scheme, CallbackType.Callback callback, Destination destination) {
        if (scheme.hasHost()) {
            checkEgress(callback, destination.address());
        }
        OAuth2 login = destination.request().oauth2();
        if (login != null) {
            checkEgress(callback, new Address(login.tokenUrl(), null));
            warnOfLogin(callback, destination, new Address(login.tokenUrl(), null));
        }
        String problem = schemes.problem(destination);
        if (problem != null) {
            callback.written().problem(problem);
        }
        warnOfClearText(callback, destination);
    }

    /** Compiles every expression that a route or an address has, also one that no message reaches. */
    private void checkExpressions(Fields written) {
        TemplateSection.checkExpression(written, DestinationSection.WHEN, schemes);
        Fields template = written.find(DestinationSection.TEMPLATE);
        if (template != null) {
            TemplateSection.checkExpressions(template, schemes);
        }
    }

    private void checkEgress(CallbackType.Callback callback, Address called) {
        String denied = egress.whyDeniedByName(called.host());
        if (denied != null) {
            callback.written().problem(denied);
        }
    }

    private void warnOfLongCalls(DestinationFields fields) {
        if (fields.get(DestinationSection.TIMEOUT).compareTo(rebalanceWait) > 0) {
            fields.source(DestinationSection.TIMEOUT)
                    .warn(
                            DestinationSection.TIMEOUT,
                            "is longer than dispatch.rebalance_wait (" + DurationType.text(rebalanceWait)
                                    + "): a call that takes longer than that is repeated when its partition is given to"
                                    + " another dispatcher");
        }
    }

    private static void warnOfMethod(@Nullable String method, CallbackType.Callback callback, AddressScheme scheme) {
        String expected = METHODS.get(scheme.name());
        if (method != null && expected != null && !method.equals(expected)) {
            callback.written()
                    .warn("is called over " + scheme.name() + ", though callbackMethod is " + method
                            + ": the URL decides");
        }
    }

    private static void warnOfLogin(CallbackType.Callback callback, Destination destination, Address tokenServer) {
        if (tokenServer.isPlain() && !Hosts.isLoopback(tokenServer.host())) {
            callback.written()
                    .warn("its oauth2.client_secret crosses the network in clear: use https for the token_url");
        }
        if (hasAuthorization(destination)) {
            callback.written()
                    .warn("has an Authorization header, or a login in its URL, that the token of oauth2 replaces");
        }
    }

    private static boolean hasAuthorization(Destination destination) {
        return destination.request().headers().keySet().stream()
                .anyMatch(name -> name.equalsIgnoreCase("authorization"));
    }

    private static void warnOfClearText(CallbackType.Callback callback, Destination destination) {
        Address address = destination.address();
        if (!address.isPlain() || Hosts.isLoopback(address.host())) {
            return;
        }
        Destination.Request request = destination.request();
        if (!request.signingSecrets().isEmpty()) {
            callback.written().warn("signed, but over plain http anybody on the way can read the messages");
        }
        if (request.oauth2() != null || hasAuthorization(destination)) {
            callback.written().warn("its Authorization header crosses the network in clear: use https");
        }
    }
}
