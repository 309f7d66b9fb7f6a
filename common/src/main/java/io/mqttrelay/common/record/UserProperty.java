package io.mqttrelay.common.record;

import java.util.Optional;

/** An MQTT 5 user property. A message may have several with one name; their order matters. */
public record UserProperty(String name, String value) {
    /**
     * The text {@code name=value}. A {@code =} in the name is written {@code %3D}, so that the first {@code =} is the
     * separator.
     */
    String toText() {
        return name.replace("%25", "%2525").replace("%3D", "%253D").replace("=", "%3D") + "=" + value;
    }

    /** Parses the text of {@link #toText}; empty: the text has no {@code =}. */
    static Optional<UserProperty> ofText(String text) {
        int equals = text.indexOf('=');
        return equals < 0
                ? Optional.empty()
                : Optional.of(new UserProperty(plain(text.substring(0, equals)), text.substring(equals + 1)));
    }

    private static String plain(String escaped) {
        StringBuilder plain = new StringBuilder(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            if (escaped.startsWith("%3D", i)) {
                plain.append('=');
                i += 2;
            } else if (escaped.startsWith("%25", i)) {
                plain.append('%');
                i += 2;
            } else {
                plain.append(escaped.charAt(i));
            }
        }
        return plain.toString();
    }
}
