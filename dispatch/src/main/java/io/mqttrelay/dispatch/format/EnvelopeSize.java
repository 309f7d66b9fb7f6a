package io.mqttrelay.dispatch.format;

import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.record.UserProperty;
import org.jspecify.annotations.Nullable;

/**
 * Estimates the largest size of a message's envelope, from a look at each byte and without encoding it. Only parsing
 * shows whether a payload is JSON, so the largest of the possible forms counts.
 */
final class EnvelopeSize {
    /** Braces, names of keys, and the longest values of those that are not texts. */
    private static final int FIXED = ("{\"header\":{\"id\":,\"app_id\":,\"app_name\":,\"client_id\":,\"topic\":,"
                    + "\"qos\":2147483647,\"retain\":false,\"received_at\":\"+292278994-08-17T07:12:55.807Z\","
                    + "\"content_type\":,\"user_properties\":[],\"encoding\":\"base64\"},\"body\":}")
            .length();

    private static final int PROPERTY = "{\"name\":,\"value\":},".length();
    private static final int QUOTES = 2;
    private static final int CONTROL = "\\u0000".length();

    /** Bytes of an ASCII character in a JSON string; a table, because comparing would be most of the work. */
    private static final byte[] ASCII = new byte[0x80];

    static {
        for (int c = 0; c < ASCII.length; c++) {
            ASCII[c] = (byte) ascii(c);
        }
    }

    private EnvelopeSize() {}

    /** Largest number of bytes, including the separator between envelopes of a batch. */
    static long most(RelayMessage message, String appName) {
        long size = FIXED
                + text(message.id())
                + text(message.appId())
                + text(appName)
                + text(message.clientId())
                + text(message.topic())
                + text(message.contentType())
                + payload(message.payload())
                + "[]".length();
        for (UserProperty property : message.userProperties()) {
            size += PROPERTY + text(property.name()) + text(property.value());
        }
        return size;
    }

    private static long text(@Nullable String text) {
        if (text == null) {
            return "null".length();
        }
        long size = QUOTES;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            size += c < 0x80 ? ASCII[c] : c < 0x800 ? 2 : 3;
        }
        return size;
    }

    private static long payload(byte[] payload) {
        long escaped = 0;
        boolean ascii = true;
        for (byte b : payload) {
            escaped += b < 0 ? 1 : ASCII[b];
            ascii &= b >= 0;
        }
        // ASCII surely is text; other bytes may not be
        long base64 = ascii ? 0 : (payload.length + 2L) / 3 * 4;
        return QUOTES + Math.max(escaped, base64);
    }

    private static int ascii(int c) {
        if (c >= ' ') {
            return c == '"' || c == '\\' ? 2 : 1;
        }
        return c == '\n' || c == '\r' || c == '\t' ? 2 : CONTROL;
    }
}
