package io.mqttrelay.dispatch.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * Tells whether bytes are one JSON text (RFC 8259): UTF-8 without a byte order mark, surrounded by nothing except white
 * space.
 */
public final class JsonCheck {
    /** Deeper nesting is treated as an attack on a parser, not as a document. */
    static final int MAX_DEPTH = 1000;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private static final int CHARS = 1024;

    private JsonCheck() {}

    /** The parser alone would also accept UTF-16, overlong forms and surrogates. */
    public static boolean isJson(byte[] bytes) {
        return mayBeJson(bytes) && parses(bytes);
    }

    /** The part of {@link #isJson} without the parser: false if the bytes are not JSON, whatever a parser says. */
    public static boolean mayBeJson(byte[] bytes) {
        return startsLikeJson(bytes) && !startsLikeUtf16(bytes) && isUtf8(bytes);
    }

    private static boolean startsLikeJson(byte[] bytes) {
        for (byte b : bytes) {
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return b == '{'
                        || b == '['
                        || b == '"'
                        || b == '-'
                        || (b >= '0' && b <= '9')
                        || b == 't'
                        || b == 'f'
                        || b == 'n';
            }
        }
        return false;
    }

    /** The parser guesses the encoding from the first bytes: in UTF-16 and UTF-32 some of them are zero. */
    private static boolean startsLikeUtf16(byte[] bytes) {
        for (int i = 0; i < Math.min(bytes.length, Integer.BYTES); i++) {
            if (bytes[i] == 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean isUtf8(byte[] bytes) {
        return isAscii(bytes) || decodes(bytes);
    }

    private static boolean isAscii(byte[] bytes) {
        int at = 0;
        for (; at <= bytes.length - Long.BYTES; at += Long.BYTES) {
            if (((long) LONGS.get(bytes, at) & HIGH_BITS) != 0) {
                return false;
            }
        }
        for (; at < bytes.length; at++) {
            if (bytes[at] < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean decodes(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(CHARS);
        CoderResult result;
        do {
            out.clear();
            result = decoder.decode(in, out, true);
        } while (result.isOverflow());
        return !result.isError();
    }

    private static boolean parses(byte[] bytes) {
        try (JsonParser parser = JSON.createParser(bytes)) {
            int depth = 0;
            do {
                JsonToken token = parser.nextToken();
                if (token == null) {
                    return false;
                }
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            } while (depth > 0);
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }
}
