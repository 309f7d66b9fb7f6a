package io.mqttrelay.common.settings;

import java.util.List;
import java.util.Locale;

/**
 * An object of the file and its keys.
 *
 * @param name in the reference page and the schema
 * @param about a sentence for the reference page
 */
public record Section(String name, String about, List<Key<?>> keys) {
    public Section {
        keys = List.copyOf(keys);
    }

    /** The name as the target of a link. */
    public String anchor() {
        return name.toLowerCase(Locale.ROOT).replace(' ', '-');
    }
}
