package io.mqttrelay.common.record;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Reads one record's headers strictly: a header that is missing, repeated or malformed is reported by name. */
final class HeaderReader {
    private static final int MAX_ID_LENGTH = 128;

    /** The replacement character of decoded bytes that are not UTF-8. */
    private static final char REPLACEMENT = '\uFFFD';

    private final Header[] headers;

    HeaderReader(Headers headers) {
        this.headers = headers.toArray(); // an array, because every lookup scans it, and iterators would be slow
    }

    String id() throws UndecodableException {
        String id = required(HeaderNames.ID);
        if (!isId(id)) {
            throw new UndecodableException("header " + HeaderNames.ID + " is not an id");
        }
        return id;
    }

    /**
     * Whether the text may stand in an HTTP header, in a signature (where a dot ends it) and before the bar of a dead
     * letter's key.
     */
    private static boolean isId(String id) {
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (c <= ' ' || c >= 0x7F || c == '.' || c == '|') {
                return false;
            }
        }
        return !id.isEmpty() && id.length() <= MAX_ID_LENGTH;
    }

    long number(String name) throws UndecodableException {
        return number(name, required(name));
    }

    @Nullable
    Long optionalNumber(String name) throws UndecodableException {
        String text = optional(name);
        return text == null ? null : number(name, text);
    }

    private static long number(String name, String text) throws UndecodableException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new UndecodableException("header " + name + " is not a number");
        }
    }

    int qos() throws UndecodableException {
        long qos = number(HeaderNames.QOS);
        if (qos < 0 || qos > 2) {
            throw new UndecodableException("header " + HeaderNames.QOS + " is not 0, 1 or 2");
        }
        return (int) qos;
    }

    boolean bool(String name) throws UndecodableException {
        String text = required(name);
        if (!text.equals("true") && !text.equals("false")) {
            throw new UndecodableException("header " + name + " is not true or false");
        }
        return text.equals("true");
    }

    List<UserProperty> userProperties() throws UndecodableException {
        List<UserProperty> properties = new ArrayList<>();
        for (Header header : headers) {
            if (header.key().equals(HeaderNames.USER_PROPERTY)) {
                properties.add(UserProperty.ofText(text(header))
                        .orElseThrow(() -> new UndecodableException(
                                "header " + HeaderNames.USER_PROPERTY + " is not name=value")));
            }
        }
        return properties;
    }

    String required(String name) throws UndecodableException {
        String value = optional(name);
        if (value == null) {
            throw new UndecodableException("header " + name + " is missing");
        }
        return value;
    }

    @Nullable
    String optional(String name) throws UndecodableException {
        Header header = single(name);
        return header == null ? null : text(header);
    }

    byte @Nullable [] bytes(String name) throws UndecodableException {
        Header header = single(name);
        return header == null ? null : value(header);
    }

    private @Nullable Header single(String name) throws UndecodableException {
        Header found = null;
        for (Header header : headers) {
            if (header.key().equals(name)) {
                if (found != null) {
                    throw new UndecodableException("header " + name + " is there twice");
                }
                found = header;
            }
        }
        return found;
    }

    private static String text(Header header) throws UndecodableException {
        byte[] value = value(header);
        String text = new String(value, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0 && !isUtf8(value)) {
            throw new UndecodableException("header " + header.key() + " is not UTF-8");
        }
        return text;
    }

    private static boolean isUtf8(byte[] value) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static byte[] value(Header header) throws UndecodableException {
        byte[] value = header.value();
        if (value == null) {
            throw new UndecodableException("header " + header.key() + " is null");
        }
        return value;
    }
}
