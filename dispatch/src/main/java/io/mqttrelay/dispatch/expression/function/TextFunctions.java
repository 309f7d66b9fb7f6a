package io.mqttrelay.dispatch.expression.function;

import io.mqttrelay.dispatch.expression.value.EvaluationError;
import io.mqttrelay.dispatch.expression.value.Evaluator;
import io.mqttrelay.dispatch.expression.value.JsonNumber;
import io.mqttrelay.dispatch.expression.value.JsonText;
import io.mqttrelay.dispatch.expression.value.Values;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Functions of texts. Places and lengths count characters of Unicode, as in JSONata. */
public final class TextFunctions {
    private TextFunctions() {}

    static void addTo(Functions functions) {
        functions
                .ofContext("string", 1, 2, (args, run) -> {
                    Object value = args.at(0);
                    return value == null ? null : string(value, Boolean.TRUE.equals(args.at(1)), run);
                })
                .ofContext("substring", 2, 3, TextFunctions::substring)
                .ofContext("substringBefore", 2, 2, (args, run) -> part(args, true))
                .ofContext("substringAfter", 2, 2, (args, run) -> part(args, false))
                .ofContext("lowercase", 1, 1, (args, run) -> {
                    String text = args.text(0);
                    return text == null ? null : sized(text.toLowerCase(Locale.ROOT), run);
                })
                .ofContext("uppercase", 1, 1, (args, run) -> {
                    String text = args.text(0);
                    return text == null ? null : sized(text.toUpperCase(Locale.ROOT), run);
                })
                .ofContext("length", 1, 1, (args, run) -> {
                    String text = args.text(0);
                    return text == null ? null : JsonNumber.of(text.codePointCount(0, text.length()));
                })
                .ofContext("trim", 1, 1, TextFunctions::trim)
                .ofContext("pad", 2, 3, TextFunctions::pad)
                .ofContext("base64encode", 1, 1, (args, run) -> {
                    String text = args.text(0);
                    return text == null
                            ? null
                            : sized(Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)), run);
                })
                .ofContext("base64decode", 1, 1, TextFunctions::base64decode)
                .add("join", 1, 2, TextFunctions::join);
    }

    /** The value as a text: a string as it is, anything else as JSON; nothing and functions are empty. */
    public static String string(@Nullable Object value, boolean pretty, Evaluator run) {
        if (value == null || value instanceof Applicable) {
            return "";
        }
        if (value instanceof String text) {
            return text;
        }
        return sized(JsonText.of(value, pretty), run);
    }

    /** Counts a text that was made; at most a few times as long as one that was counted. */
    static String sized(String text, Evaluator run) {
        run.makeText(text.length());
        return text;
    }

    private static @Nullable Object substring(CallArguments args, Evaluator run) {
        String text = args.text(0);
        if (text == null) {
            return null;
        }
        int size = text.codePointCount(0, text.length());
        int start = args.integer(1, 0);
        int from = start < 0 ? (int) Math.max(0L, (long) size + start) : Math.min(start, size);
        int length = args.integer(2, Integer.MAX_VALUE);
        int to = (int) Math.min(size, from + (long) Math.max(0, length));
        int begin = text.offsetByCodePoints(0, from);
        return sized(text.substring(begin, text.offsetByCodePoints(begin, to - from)), run);
    }

    private static @Nullable Object part(CallArguments args, boolean before) {
        String text = args.text(0);
        String at = args.text(1);
        if (text == null || at == null) {
            return text;
        }
        int place = text.indexOf(at);
        if (place < 0) {
            return text;
        }
        return before ? text.substring(0, place) : text.substring(place + at.length());
    }

    private static @Nullable Object trim(CallArguments args, Evaluator run) {
        String text = args.text(0);
        if (text == null) {
            return null;
        }
        StringBuilder trimmed = new StringBuilder(run.makeText(text.length()));
        boolean space = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                space = true;
            } else {
                trimmed.append(space && !trimmed.isEmpty() ? " " : "").append(c);
                space = false;
            }
        }
        return trimmed.toString();
    }

    private static @Nullable Object pad(CallArguments args, Evaluator run) {
        String text = args.text(0);
        if (text == null) {
            return null;
        }
        long width = args.integer(1, 0);
        String given = args.text(2);
        String with = given == null || given.isEmpty() ? " " : given;
        long missing = Math.abs(width) - text.codePointCount(0, text.length());
        if (missing <= 0) {
            return text;
        }
        run.makeText(text.length() + 2 * missing);
        int[] characters = with.codePoints().limit(missing).toArray();
        StringBuilder padding = new StringBuilder();
        for (int i = 0; i < missing; i++) {
            padding.appendCodePoint(characters[i % characters.length]);
        }
        return width < 0 ? padding + text : text + padding;
    }

    private static @Nullable Object base64decode(CallArguments args, Evaluator run) {
        String text = args.text(0);
        if (text == null) {
            return null;
        }
        run.makeText(text.length());
        try {
            return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw EvaluationError.of(args.where(0) + " is not base64");
        }
    }

    private static @Nullable Object join(CallArguments args, Evaluator run) {
        List<?> list = args.list(0);
        if (list == null) {
            return null;
        }
        String given = args.text(1);
        String separator = given == null ? "" : given;
        List<String> texts = new ArrayList<>(list.size());
        long length = 0;
        for (Object each : list) {
            String text = Values.text(each, "each element of " + args.where(0));
            texts.add(text);
            length += text.length() + (long) separator.length();
        }
        run.makeText(length);
        return String.join(separator, texts);
    }
}
