package io.mqttrelay.common.record;

import java.util.Optional;

/** An MQTT 5 user property; a message may carry several of one name, in an order that means something. */
public record UserProperty(String name, String value) {
    /** {@code name=value}. A {@code =} in the name is written {@code %3D}, so that the first one is the one between. */
    String toText() {
        return name.replace("%25", "%2525").replace("%3D", "%253D").replace("=", "%3D") + "=" + value;
    }

    /** What {@link #toText} wrote; empty: there is no {@code =} in it. */
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
