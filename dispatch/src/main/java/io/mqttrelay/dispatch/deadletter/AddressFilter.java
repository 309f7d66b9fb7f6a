package io.mqttrelay.dispatch.deadletter;

import io.mqttrelay.common.config.destination.Address;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The filter {@code --address}: the id of an address, its URL as the configuration writes it or the list shows it, or
 * only scheme, host and port. A text that is an address of the configuration matches only this one.
 */
public final class AddressFilter {
    private static final String HIDDEN_QUERY = "?***";

    private final String text;
    private final boolean exact;
    private final Set<String> ids;

    private AddressFilter(String text, boolean exact, Set<String> ids) {
        this.text = text;
        this.exact = exact;
        this.ids = Set.copyOf(ids);
    }

    /** Matches these addresses, too: those of the configuration that the typed text means. */
    public AddressFilter or(Collection<String> more) {
        return new AddressFilter(text, exact, Set.copyOf(more));
    }

    /**
     * Parses the typed text.
     *
     * @param known the ids of the configuration's addresses
     * @return null: it is neither a URL nor an id
     */
    public static @Nullable AddressFilter of(String typed, Collection<String> known) {
        String text = withoutLogin(typed.strip());
        if (known.contains(text)) {
            return new AddressFilter(text, true, Set.of());
        }
        if (!text.contains("://")) {
            boolean mayBeId = !text.isEmpty() && text.chars().noneMatch(c -> c <= ' ' || c == '?');
            return mayBeId ? new AddressFilter(text, true, Set.of()) : null; // it may have left the configuration
        }
        String id = text.endsWith(HIDDEN_QUERY) ? text : Address.idOf(text);
        return new AddressFilter(id, known.contains(id), Set.of());
    }

    boolean matches(@Nullable String addressId) {
        if (addressId == null) {
            return false;
        }
        if (addressId.equals(text) || ids.contains(addressId)) {
            return true;
        }
        return !exact
                && (shown(addressId).equals(text)
                        || path(addressId).equals(text)
                        || origin(addressId).equals(text));
    }

    /** Returns an address for people: its query may hold a secret. */
    public static String shown(String addressId) {
        return addressId.indexOf('?') < 0 ? addressId : path(addressId) + HIDDEN_QUERY;
    }

    private static String path(String addressId) {
        int query = addressId.indexOf('?');
        return query < 0 ? addressId : addressId.substring(0, query);
    }

    /** Returns scheme, host and port: the label of a meter. */
    static String origin(String addressId) {
        String url = path(addressId);
        int host = url.indexOf("://") + 3;
        int slash = url.indexOf('/', host);
        return host < 3 || slash < 0 ? url : url.substring(0, slash);
    }

    /** Removes the login: the id of an address has none, since it is sent as a header. */
    public static String withoutLogin(String url) {
        int host = url.indexOf("://") + 3;
        int end = host;
        while (end < url.length() && url.charAt(end) != '/' && url.charAt(end) != '?') {
            end++;
        }
        int at = url.lastIndexOf('@', end);
        return host < 3 || at < host ? url : url.substring(0, host) + url.substring(at + 1);
    }

    @Override
    public String toString() {
        return shown(text);
    }
}
