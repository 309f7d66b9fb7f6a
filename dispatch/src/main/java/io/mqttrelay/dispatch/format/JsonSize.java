package io.mqttrelay.dispatch.format;

import org.jspecify.annotations.Nullable;

/**
 * Estimates the largest size of texts and payloads in a JSON body, from a look at each byte and without encoding them.
 * Only parsing shows whether a payload is JSON, so the largest of the possible forms counts.
 */
final class JsonSize {
    private static final int QUOTES = 2;
    private static final int CONTROL = "\\u0000".length();

    /** Bytes of an ASCII character in a JSON string; a table, because comparing would be most of the work. */
    private static final byte[] ASCII = new byte[0x80];

    static {
        for (int c = 0; c < ASCII.length; c++) {
            ASCII[c] = (byte) ascii(c);
        }
    }

    private JsonSize() {}

    /** Largest number of bytes of a string with its quotes, or of {@code null}. */
    static long text(@Nullable String text) {
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

    /** Largest number of bytes of a payload as a {@link PayloadValue}. */
    static long payload(byte[] payload) {
        long escaped = 0;
        boolean ascii = true;
        for (byte b : payload) {
            escaped += b < 0 ? 1 : ASCII[b];
            ascii &= b >= 0;
        }
        // ASCII surely is text; other bytes may not be
        return ascii ? QUOTES + escaped : QUOTES + Math.max(escaped, base64(payload));
    }

    /** Number of bytes of a payload in Base64, without quotes. */
    static long base64(byte[] payload) {
        return (payload.length + 2L) / 3 * 4;
    }

    private static int ascii(int c) {
        if (c >= ' ') {
            return c == '"' || c == '\\' ? 2 : 1;
        }
        return c == '\n' || c == '\r' || c == '\t' ? 2 : CONTROL;
    }
}
