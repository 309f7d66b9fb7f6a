package io.mqttrelay.common.config;

import java.util.List;
import java.util.Locale;

/**
 * An object of the file and its keys.
 *
 * @param name in the reference page and the schema
 * @param about a sentence for the reference page
 */
record Section(String name, String about, List<Key<?>> keys) {
    Section {
        keys = List.copyOf(keys);
    }

    /** The name as the target of a link. */
    String anchor() {
        return name.toLowerCase(Locale.ROOT).replace(' ', '-');
    }
}
