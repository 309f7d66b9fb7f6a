package io.mqttrelay.dispatch.sink;

import io.mqttrelay.common.config.destination.AddressScheme;
import io.mqttrelay.common.config.destination.AddressSchemes;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.Template;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.template.TemplateCheck;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** The installed providers of sinks, by the schemes of their addresses. Immutable. */
public final class SinkProviders {
    private final Map<String, SinkProvider> byScheme = new HashMap<>();
    private final List<AddressScheme> schemes = new ArrayList<>();

    /** @throws IllegalStateException if two providers have one scheme */
    SinkProviders(Iterable<SinkProvider> providers) {
        for (SinkProvider provider : providers) {
            for (AddressScheme scheme : provider.schemes()) {
                SinkProvider other = byScheme.putIfAbsent(scheme.name(), provider);
                if (other != null) {
                    throw new IllegalStateException("two sinks for " + scheme.name() + "://: "
                            + other.getClass().getName() + " and "
                            + provider.getClass().getName());
                }
                schemes.add(scheme);
            }
        }
    }

    /** Finds the providers on the class path. */
    public static SinkProviders installed() {
        return new SinkProviders(ServiceLoader.load(SinkProvider.class, SinkProvider.class.getClassLoader()));
    }

    /** The schemes for the reader of configurations, which checks addresses by their providers. */
    public AddressSchemes schemes() {
        return new AddressSchemes(
                schemes,
                destination -> {
                    SinkProvider provider = find(destination);
                    String problem = provider == null ? null : provider.check(destination);
                    Template template = destination.request().template();
                    return problem != null || template == null ? problem : TemplateCheck.fixedParts(template);
                },
                TemplateCheck::expression);
    }

    /**
     * Makes the request of the first attempt of a message.
     *
     * @throws UnusableAddressException if the address cannot be called as configured
     */
    public RequestPreview preview(Destination destination, RelayMessage message, PreviewContext context) {
        return of(destination).preview(destination, message, context);
    }

    /**
     * The provider of an address.
     *
     * @throws UnusableAddressException if there is none, or if it has a problem with the address
     */
    SinkProvider of(Destination destination) {
        SinkProvider provider = find(destination);
        if (provider == null) {
            throw new UnusableAddressException(destination.display() + ": no sink for this scheme is installed");
        }
        String problem = provider.check(destination);
        if (problem != null) {
            throw new UnusableAddressException(destination.display() + ": " + problem);
        }
        return provider;
    }

    private @Nullable SinkProvider find(Destination destination) {
        return byScheme.get(destination.address().url().getScheme().toLowerCase(Locale.ROOT));
    }
}
