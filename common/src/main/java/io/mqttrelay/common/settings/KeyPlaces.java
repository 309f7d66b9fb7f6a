package io.mqttrelay.common.settings;

import io.mqttrelay.common.text.NearestKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The places of each key in the file, to explain a key in the wrong section. */
final class KeyPlaces {
    /** Paths by the name of a key, in lower case. */
    private final Map<String, Set<String>> paths = new LinkedHashMap<>();

    private final List<String> names = new ArrayList<>();
    private final Function<String, @Nullable String> foreign;

    /**
     * @param root the section of the whole file
     * @param foreign the message for a key that no section has; null: no special message
     */
    KeyPlaces(Section root, Function<String, @Nullable String> foreign) {
        this.foreign = foreign;
        add(root, "$");
    }

    private void add(Section section, String path) {
        for (Key<?> key : section.keys()) {
            String here = path + "." + key.name();
            if (paths.computeIfAbsent(lower(key.name()), name -> new LinkedHashSet<>())
                    .add(here)) {
                names.add(key.name());
            }
            key.type().sections().forEach(below -> add(below, here));
        }
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /**
     * The message for a key that its section does not know: the section where it belongs, or the nearest key.
     *
     * @param here the keys of the section
     */
    String explain(String written, List<String> here) {
        String place = place(written);
        if (place != null) {
            return "does not belong here but to " + place;
        }
        String special = foreign.apply(written);
        if (special != null) {
            return special;
        }
        String nearest = NearestKey.of(written, here);
        String elsewhere = NearestKey.of(written, names);
        return NearestKey.isClose(written, elsewhere)
                        && NearestKey.edits(written, elsewhere) < NearestKey.edits(written, nearest)
                ? "unknown key, did you mean " + elsewhere + ", which belongs to " + place(elsewhere) + "?"
                : "unknown key, did you mean " + nearest + "?";
    }

    private @Nullable String place(String name) {
        Set<String> found = paths.get(lower(name));
        return found == null
                ? null
                : found.stream()
                        .filter(path -> found.stream().noneMatch(other -> isBelow(path, other)))
                        .collect(Collectors.joining(" or "));
    }

    /** Whether the object of a key lies within that of another: an address in its route, say. */
    private static boolean isBelow(String path, String other) {
        return object(path).startsWith(object(other) + ".");
    }

    private static String object(String path) {
        return path.substring(0, path.lastIndexOf('.'));
    }
}
