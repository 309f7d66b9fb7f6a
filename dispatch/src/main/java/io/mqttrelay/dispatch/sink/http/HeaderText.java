package io.mqttrelay.dispatch.sink.http;

import java.nio.charset.StandardCharsets;

/**
 * Any text as a header value: visible ASCII but {@code %} stays, every other byte of its UTF-8 form is
 * percent-encoded, so that a topic can neither break the request nor add a header to it.
 */
final class HeaderText {
    /** A longer value makes common servers refuse the whole request (8 KB of headers is a usual limit). */
    static final int MAX_LENGTH = 4096;

    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private HeaderText() {}

    static String encode(String text) {
        int plain = 0;
        while (plain < text.length() && stays(text.charAt(plain))) {
            plain++;
        }
        if (plain == text.length()) {
            return text;
        }
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            append(encoded, b);
        }
        return encoded.toString();
    }

    /** The beginning of the encoded text, {@link #MAX_LENGTH} at most, whole characters only. */
    static String cut(String text) {
        StringBuilder encoded = new StringBuilder(MAX_LENGTH);
        int at = 0;
        while (at < text.length()) {
            int before = encoded.length();
            int c = text.codePointAt(at);
            for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                append(encoded, b);
            }
            if (encoded.length() > MAX_LENGTH) {
                encoded.setLength(before);
                break;
            }
            at += Character.charCount(c);
        }
        return encoded.toString();
    }

    private static void append(StringBuilder encoded, byte b) {
        char c = (char) (b & 0xFF);
        if (stays(c)) {
            encoded.append(c);
        } else {
            encoded.append('%').append(HEX[c >> 4]).append(HEX[c & 0xF]);
        }
    }

    private static boolean stays(char c) {
        return c > ' ' && c < 0x7F && c != '%';
    }
}
