package io.mqttrelay.common.config;

import io.mqttrelay.common.config.TextType.WrongException;
import java.nio.charset.StandardCharsets;

/** Rules that strings of the file must keep to pass through MQTT, Kafka and HTTP. */
final class Texts {
    private Texts() {}

    /**
     * Accepts any text that can be written as UTF-8.
     *
     * @throws WrongException if the text has half of a surrogate pair: such a string has no bytes
     */
    static String unicode(String text) throws WrongException {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new WrongException("must be valid Unicode: it holds half of a character (a lone \\uD800..\\uDFFF)");
        }
        return text;
    }

    static String nonEmpty(String text) throws WrongException {
        if (text.isEmpty()) {
            throw new WrongException("must not be empty");
        }
        return unicode(text);
    }

    /** Accepts a string that MQTT allows. */
    static String bounded(String text, int maxBytes) throws WrongException {
        if (unicode(text).indexOf('\0') >= 0) {
            throw new WrongException("must not contain U+0000");
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
            throw new WrongException("must have at most " + maxBytes + " bytes");
        }
        return text;
    }

    /** Accepts the path of a WebSocket; returns it without the leading slash. */
    static String webSocketPath(String text) throws WrongException {
        nonEmpty(text);
        if (!text.codePoints().allMatch(c -> c > ' ' && c < 0x7F && c != '#' && c != '?')) {
            throw new WrongException("must be the path of a URL such as /mqtt");
        }
        return text.startsWith("/") ? text.substring(1) : text;
    }

    /**
     * Accepts the name of a shared subscription.
     *
     * @see <a href="https://docs.oasis-open.org/mqtt/mqtt/v5.0/mqtt-v5.0.html">MQTT 5.0, section 4.8.2</a>
     */
    static String shareName(String text) throws WrongException {
        if (text.codePoints().anyMatch(c -> c == '/' || c == '+' || c == '#')) {
            throw new WrongException("must not contain /, + or #");
        }
        return name(text, 1024);
    }

    /** Accepts a name for logs and protocols. */
    static String name(String text, int maxBytes) throws WrongException {
        nonEmpty(text);
        if (text.codePoints().anyMatch(Character::isISOControl)) {
            throw new WrongException("must not contain control characters");
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
            throw new WrongException("must have at most " + maxBytes + " bytes");
        }
        return text;
    }
}
