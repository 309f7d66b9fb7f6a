package io.mqttrelay.dispatch.sink.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Whether bytes are one JSON text (RFC 8259): UTF-8 without a byte order mark, and nothing but white space around it. */
final class JsonText {
    /** Deeper nesting is taken for what it is: an attack on somebody's parser, not a document. */
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

    private static final int CHARS = 1024;

    private JsonText() {}

    static boolean isJson(byte[] bytes) {
        return startsLikeJson(bytes) && isText(bytes) && parses(bytes);
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

    /** UTF-8 without control characters; the parser alone would also take UTF-16, overlong forms and surrogates. */
    private static boolean isText(byte[] bytes) {
        boolean ascii = true;
        for (byte b : bytes) {
            if (b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t') {
                return false;
            }
            ascii &= b >= 0;
        }
        return ascii || isUtf8(bytes);
    }

    private static boolean isUtf8(byte[] bytes) {
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
