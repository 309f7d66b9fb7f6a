package io.mqttrelay.common.settings;

import io.mqttrelay.common.settings.TextType.WrongException;
import java.nio.charset.StandardCharsets;

/** Rules for strings of the file that any protocol or log can carry. */
public final class Texts {
    private Texts() {}

    /**
     * Accepts any text that can be written as UTF-8.
     *
     * @throws WrongException if the text has half of a surrogate pair: such a string has no bytes
     */
    public static String unicode(String text) throws WrongException {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new WrongException("must be valid Unicode: it holds half of a character (a lone \\uD800..\\uDFFF)");
        }
        return text;
    }

    public static String nonEmpty(String text) throws WrongException {
        if (text.isEmpty()) {
            throw new WrongException("must not be empty");
        }
        return unicode(text);
    }

    /** Accepts a name for logs and protocols. */
    public static String name(String text, int maxBytes) throws WrongException {
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
