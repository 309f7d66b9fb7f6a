package io.mqttrelay.common.settings;

import com.google.re2j.Pattern;
import io.mqttrelay.common.text.Printable;

/** The path of a value in the file, with the keys as the user wrote them: {@code $.mqtt_brokers[0].broker_port}. */
public record JsonPath(String text) {
    public static final JsonPath ROOT = new JsonPath("$");

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");

    /** The path of a key below this value. */
    public JsonPath key(String key) {
        return new JsonPath(PLAIN.matches(key) ? text + "." + key : text + "['" + Printable.cut(key) + "']");
    }

    /** The path of an element of this list. */
    public JsonPath index(int index) {
        return new JsonPath(text + "[" + index + "]");
    }

    @Override
    public String toString() {
        return text;
    }
}
