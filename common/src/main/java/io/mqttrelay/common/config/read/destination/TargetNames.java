package io.mqttrelay.common.config.read.destination;

import io.mqttrelay.common.config.TargetSettings;
import io.mqttrelay.common.config.destination.TargetEntry;
import io.mqttrelay.common.settings.TextType.WrongException;
import io.mqttrelay.common.text.NearestKey;
import io.mqttrelay.common.text.Printable;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The entries of {@code targets}, as URLs name them: {@code kafka://NAME/TOPIC}. */
final class TargetNames {
    private static final int MOST_NAMED = 10;

    private final Map<String, Map<String, TargetEntry>> byScheme;

    TargetNames(TargetSettings targets) {
        byScheme = Map.of(
                "kafka", byName(targets.kafka()), "mqtt", byName(targets.mqtt()), "jdbc", byName(targets.jdbc()));
    }

    private static Map<String, TargetEntry> byName(List<? extends TargetEntry> entries) {
        Map<String, TargetEntry> names = new LinkedHashMap<>();
        entries.forEach(entry -> names.put(entry.name(), entry));
        return names;
    }

    /**
     * The entry that a URL names; null: addresses of its scheme name none.
     *
     * @throws WrongException if there is no such entry
     */
    @Nullable
    TargetEntry find(String scheme, URI url) throws WrongException {
        Map<String, TargetEntry> entries = byScheme.get(scheme);
        if (entries == null) {
            return null;
        }
        String name = decoded(url.getRawAuthority());
        TargetEntry entry = entries.get(name);
        if (entry == null) {
            throw new WrongException(
                    "names an entry that targets." + scheme + " does not have",
                    ": \"" + Printable.cut(name) + "\", " + known(name, entries));
        }
        return entry;
    }

    /** Decodes percent-encoded characters; {@code +} stays. */
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String known(String name, Map<String, TargetEntry> entries) {
        if (entries.isEmpty()) {
            return "and targets has none of this kind";
        }
        List<String> names = entries.keySet().stream().limit(MOST_NAMED).toList();
        String nearest = NearestKey.of(name, entries.keySet());
        return NearestKey.isClose(name, nearest)
                ? "did you mean " + nearest + "?"
                : "only " + String.join(", ", names) + (entries.size() > MOST_NAMED ? ", ..." : "");
    }
}
