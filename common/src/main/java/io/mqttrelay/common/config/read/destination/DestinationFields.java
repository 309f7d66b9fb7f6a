package io.mqttrelay.common.config.read.destination;

import io.mqttrelay.common.config.destination.AddressScheme;
import io.mqttrelay.common.settings.Fields;
import io.mqttrelay.common.settings.Key;
import org.jspecify.annotations.Nullable;

/**
 * The settings that count for one address: its own, or else the route's.
 *
 * @param route of the address
 * @param own null: the address is a URL alone
 */
record DestinationFields(Fields route, @Nullable Fields own) {
    /** The value of a key with a default. */
    <T> T get(Key<T> key) {
        T found = find(key);
        return found == null ? route.get(key) : found;
    }

    /** The value of a key; null: neither has it, or it is wrong and reported. */
    <T> @Nullable T find(Key<T> key) {
        T found = own == null ? null : own.find(key);
        return found == null ? route.find(key) : found;
    }

    /** Where the value of a key is written: the address, or else the route. */
    Fields source(Key<?> key) {
        return own != null && own.has(key) ? own : route;
    }

    /** Whether the address has the key itself. */
    boolean isOwn(Key<?> key) {
        return own != null && own.has(key);
    }

    /** The message for a setting that addresses of a scheme do not have. */
    static String foreign(AddressScheme scheme) {
        return "does not belong to an address that starts with " + scheme.name() + "://";
    }
}
