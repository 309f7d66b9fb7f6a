package io.mqttrelay.common.config.read.destination;

import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.settings.JsonPath;
import io.mqttrelay.common.text.Printable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The destinations of one route: no two have one id. A repeated address without settings counts once. */
final class DistinctAddresses {
    private record Entry(CallbackType.Callback callback, Destination destination) {
        boolean hasOwnId() {
            return callback.settings() != null && callback.settings().has(DestinationSection.ID);
        }
    }

    private final List<Destination> destinations = new ArrayList<>();
    private final Map<String, Entry> byUrl = new HashMap<>();
    private final Map<String, Entry> byId = new HashMap<>();
    private @Nullable JsonPath reply;

    List<Destination> destinations() {
        return List.copyOf(destinations);
    }

    void add(CallbackType.Callback callback, Destination destination) {
        Entry entry = new Entry(callback, destination);
        Entry sameUrl = entry.hasOwnId()
                ? null
                : byUrl.putIfAbsent(CallbackUrl.normal(destination.address().url()), entry);
        if (sameUrl != null && callback.isPlain() && isRepeated(sameUrl, destination)) {
            callback.written().warn("is listed twice, counts once");
            return;
        }
        Entry sameId = byId.putIfAbsent(destination.id(), entry);
        if (sameUrl != null) {
            callback.written()
                    .problem("has the URL of " + path(sameUrl) + ", with other settings: give one of them an id");
        } else if (sameId != null) {
            callback.written()
                    .problem("has the id \"" + Printable.cut(destination.id()) + "\", as " + path(sameId)
                            + " has: the ids of a route's addresses must differ");
        }
        if (destination.request().reply() != null) {
            if (reply != null) {
                callback.written().problem("has a reply, as " + reply + " has: at most one address of a route may");
            }
            reply = path(entry);
        }
        destinations.add(destination);
    }

    private static boolean isRepeated(Entry earlier, Destination destination) {
        return earlier.callback.isPlain() && earlier.destination.request().equals(destination.request());
    }

    private static JsonPath path(Entry entry) {
        return entry.callback.written().path();
    }
}
