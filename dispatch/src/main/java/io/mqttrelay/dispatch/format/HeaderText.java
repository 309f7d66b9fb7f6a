package io.mqttrelay.dispatch.format;

import java.nio.charset.StandardCharsets;

/**
 * Encodes any text as a header value: visible ASCII except {@code %} stays, every other byte of its UTF-8 form is
 * percent-encoded. So a topic can neither break the request nor add a header to it.
 */
public enum HeaderText {
    RELAY(false, 4096),

    /** Section 3.1.3.2 of CloudEvents' HTTP binding. Shorter, because the topic is in the request a second time. */
    CLOUD_EVENTS(true, 2048),

    /** The response topic: the message's own topic, which is in the same request, is more important. */
    OTHER_TOPIC(false, 1024);

    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private final boolean escapesQuotes;
    private final int maxLength;

    HeaderText(boolean escapesQuotes, int maxLength) {
        this.escapesQuotes = escapesQuotes;
        this.maxLength = maxLength;
    }

    /** Common servers refuse the whole request for a longer value (8 KB of headers is a usual limit). */
    int maxLength() {
        return maxLength;
    }

    /** Encodes all of the text, however long. */
    public String encode(String text) {
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

    /** Returns the beginning of the encoded text, {@link #maxLength()} at most, whole characters only. */
    String cut(String text) {
        StringBuilder encoded = new StringBuilder(maxLength);
        int at = 0;
        while (at < text.length()) {
            int before = encoded.length();
            int c = text.codePointAt(at);
            for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                append(encoded, b);
            }
            if (encoded.length() > maxLength) {
                encoded.setLength(before);
                break;
            }
            at += Character.charCount(c);
        }
        return encoded.toString();
    }

    private void append(StringBuilder encoded, byte b) {
        char c = (char) (b & 0xFF);
        if (stays(c)) {
            encoded.append(c);
        } else {
            encoded.append('%').append(HEX[c >> 4]).append(HEX[c & 0xF]);
        }
    }

    private boolean stays(char c) {
        return c > ' ' && c < 0x7F && c != '%' && !(c == '"' && escapesQuotes);
    }
}
