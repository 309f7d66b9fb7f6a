package io.mqttrelay.common.config.read;

import io.mqttrelay.common.config.Address;
import io.mqttrelay.common.config.AddressScheme;
import io.mqttrelay.common.config.AddressSchemes;
import io.mqttrelay.common.config.Secret;
import io.mqttrelay.common.config.TlsSettings;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.common.settings.Fields;
import io.mqttrelay.common.settings.TextType;
import io.mqttrelay.common.settings.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Creates the addresses of a route from the entries of {@code callbackAddress}. */
final class RouteAddresses {
    private final AddressSchemes schemes;
    private final Egress egress;

    /**
     * @param schemes of addresses
     * @param egress which callbacks are never allowed
     */
    RouteAddresses(AddressSchemes schemes, Egress egress) {
        this.schemes = schemes;
        this.egress = egress;
    }

    /** The distinct addresses of a route. The route's headers, secrets and TLS settings count where an entry has none. */
    List<Address> read(Fields fields) {
        Map<String, Secret> headers = fields.find(RouteSection.HEADERS);
        Value writtenHeaders = fields.written(RouteSection.HEADERS);
        if (headers != null && writtenHeaders != null) {
            Headers.checkDistinct(headers, writtenHeaders);
        }
        List<Secret> secrets = RouteReader.listOrNone(fields.find(RouteSection.SIGNING_SECRETS));
        Fields tlsFields = fields.find(RouteSection.TLS);
        TlsSettings tls = tlsFields == null ? TlsSettings.JVM_DEFAULT : Tls.callback(tlsFields);
        Map<String, Address> distinct = new LinkedHashMap<>();
        for (CallbackType.Callback callback : RouteReader.listOrNone(fields.find(RouteSection.CALLBACK_ADDRESS))) {
            AddressScheme scheme = scheme(callback);
            if (scheme == null) {
                continue;
            }
            Address address = callback.address(scheme, headers == null ? Map.of() : headers, secrets, tls);
            if (scheme.hasHost()) {
                checkEgress(callback, address);
            }
            String problem = schemes.problem(address);
            if (problem != null) {
                callback.written().problem(problem);
            }
            warnOfClearText(callback, address);
            warnOfMethod(fields, callback, address);
            Address earlier = distinct.putIfAbsent(CallbackUrl.normal(address.url()), address);
            if (earlier != null) {
                reportRepeated(callback, address, earlier);
            }
        }
        return List.copyOf(distinct.values());
    }

    /** The scheme of an address; null: it has none that is known, or breaks its rules, and that is reported. */
    private @Nullable AddressScheme scheme(CallbackType.Callback callback) {
        try {
            AddressScheme scheme = CallbackUrl.check(callback.url(), schemes);
            callback.checkSettings(scheme);
            return scheme;
        } catch (TextType.WrongException e) {
            callback.writtenUrl().problem(e.what(true));
            return null;
        }
    }

    private static void reportRepeated(CallbackType.Callback callback, Address address, Address earlier) {
        boolean same = address.headers().equals(earlier.headers())
                && address.signingSecrets().equals(earlier.signingSecrets())
                && address.tls().equals(earlier.tls());
        if (same) {
            callback.written().warn("is listed twice, counts once");
        } else {
            callback.written().problem("is listed twice, with different settings");
        }
    }

    private void checkEgress(CallbackType.Callback callback, Address address) {
        String denied = egress.whyDeniedByName(address.host());
        if (denied != null) {
            callback.written().problem(denied);
        }
    }

    private static void warnOfMethod(Fields fields, CallbackType.Callback callback, Address address) {
        boolean plain = address.isPlain();
        if ((plain || address.isHttps())
                && fields.has(RouteSection.CALLBACK_METHOD)
                && !fields.isWrong(RouteSection.CALLBACK_METHOD)
                && plain != fields.get(RouteSection.CALLBACK_METHOD).equals("HTTP")) {
            callback.written()
                    .warn("is called over " + (plain ? "http" : "https") + ", though callbackMethod is "
                            + fields.get(RouteSection.CALLBACK_METHOD) + ": the URL decides");
        }
    }

    private static void warnOfClearText(CallbackType.Callback callback, Address address) {
        if (!address.isPlain() || Hosts.isLoopback(address.host())) {
            return;
        }
        if (!address.signingSecrets().isEmpty()) {
            callback.written().warn("signed, but over plain http anybody on the way can read the messages");
        }
        if (address.headers().keySet().stream().anyMatch(name -> name.equalsIgnoreCase("authorization"))) {
            callback.written().warn("its Authorization header crosses the network in clear: use https");
        }
    }
}
