package io.mqttrelay.dispatch.expression.function;

import io.mqttrelay.dispatch.expression.value.EvaluationError;
import io.mqttrelay.dispatch.expression.value.Evaluator;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Functions that encode texts for URLs, as those of JavaScript do. */
final class UrlText {
    private static final String COMPONENT = "-_.!~*'()";
    private static final String WHOLE = COMPONENT + ";,/?:@&=+$#";
    private static final String HEX = "0123456789ABCDEF";

    private UrlText() {}

    static void addTo(Functions functions) {
        functions
                .ofContext("encodeUrlComponent", 1, 1, (args, run) -> encode(args.text(0), COMPONENT, run))
                .ofContext("encodeUrl", 1, 1, (args, run) -> encode(args.text(0), WHOLE, run))
                .ofContext("decodeUrlComponent", 1, 1, UrlText::decode)
                .ofContext("decodeUrl", 1, 1, UrlText::decode);
    }

    private static @Nullable String encode(@Nullable String text, String kept, Evaluator run) {
        if (text == null) {
            return null;
        }
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            boolean stays = (b >= '0' && b <= '9')
                    || (b >= 'a' && b <= 'z')
                    || (b >= 'A' && b <= 'Z')
                    || (b > 0 && kept.indexOf(b) >= 0);
            if (stays) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HEX.charAt(b >> 4 & 0xF)).append(HEX.charAt(b & 0xF));
            }
        }
        return TextFunctions.sized(encoded.toString(), run);
    }

    private static @Nullable String decode(CallArguments args, Evaluator run) {
        String text = args.text(0);
        if (text == null) {
            return null;
        }
        run.makeText(text.length());
        ByteArrayOutputStream decoded = new ByteArrayOutputStream();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != '%') {
                decoded.write(bytes[i]);
                continue;
            }
            boolean whole = i + 2 < bytes.length;
            int high = whole ? Character.digit(bytes[i + 1], HEX.length()) : -1;
            int low = whole ? Character.digit(bytes[i + 2], HEX.length()) : -1;
            if (high < 0 || low < 0) {
                throw EvaluationError.of(args.where(0) + " is not percent-encoded");
            }
            decoded.write(high << 4 | low);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(decoded.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw EvaluationError.of(args.where(0) + " is not UTF-8");
        }
    }
}
