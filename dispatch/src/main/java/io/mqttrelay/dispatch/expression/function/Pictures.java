package io.mqttrelay.dispatch.expression.function;

import io.mqttrelay.dispatch.expression.value.EvaluationError;
import io.mqttrelay.dispatch.expression.value.Evaluator;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Bounds the work of the library with pictures of numbers and times. */
final class Pictures {
    private static final int MAX_LENGTH = 128;

    /** A width that would be written with more than two digits. */
    private static final Pattern WIDE = Pattern.compile("[,-]\\s*+[0-9]{3}");

    private Pictures() {}

    /** The argument as a picture of a bounded size. */
    static String checked(CallArguments args, int index) {
        String picture = args.needText(index);
        if (picture.length() > MAX_LENGTH || WIDE.matcher(picture).find()) {
            throw EvaluationError.of(args.where(index) + " is too long, or has a width of more than 99");
        }
        return picture;
    }

    /** Calls the library, which reports a bad picture by any exception. */
    static String written(Supplier<@Nullable String> call, CallArguments args, Evaluator run) {
        String text;
        try {
            text = call.get();
        } catch (RuntimeException e) {
            throw EvaluationError.of("$" + args.function() + " does not understand its picture");
        }
        if (text == null) {
            throw EvaluationError.of("$" + args.function() + " has no result for its picture");
        }
        return TextFunctions.sized(text, run);
    }
}
