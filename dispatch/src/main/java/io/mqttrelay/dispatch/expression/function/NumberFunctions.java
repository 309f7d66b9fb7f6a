package io.mqttrelay.dispatch.expression.function;

import com.dashjoin.jsonata.utils.DateTimeUtils;
import io.mqttrelay.dispatch.expression.value.EvaluationError;
import io.mqttrelay.dispatch.expression.value.Evaluator;
import io.mqttrelay.dispatch.expression.value.JsonNumber;
import io.mqttrelay.dispatch.expression.value.Numbers;
import io.mqttrelay.dispatch.expression.value.Values;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Functions of numbers. */
final class NumberFunctions {
    /** The library writes a roman number with one letter per thousand. */
    private static final int MAX_ROMAN = 10_000;

    private NumberFunctions() {}

    static void addTo(Functions functions) {
        functions
                .ofContext("number", 1, 1, NumberFunctions::number)
                .ofContext("floor", 1, 1, of(number -> Numbers.round(number, 0, RoundingMode.FLOOR)))
                .ofContext("ceil", 1, 1, of(number -> Numbers.round(number, 0, RoundingMode.CEILING)))
                .ofContext("abs", 1, 1, of(Numbers::abs))
                .ofContext("sqrt", 1, 1, of(Numbers::sqrt))
                .ofContext("round", 1, 2, (args, run) -> {
                    JsonNumber number = args.number(0);
                    return number == null ? null : Numbers.round(number, args.integer(1, 0), RoundingMode.HALF_EVEN);
                })
                .ofContext("power", 2, 2, (args, run) -> {
                    JsonNumber base = args.number(0);
                    JsonNumber exponent = args.number(1);
                    return base == null || exponent == null ? null : Numbers.power(base, exponent);
                })
                .ofContext("formatNumber", 2, 3, NumberFunctions::formatNumber)
                .ofContext("formatBase", 1, 2, NumberFunctions::formatBase)
                .ofContext("formatInteger", 2, 2, NumberFunctions::formatInteger)
                .add("sum", 1, 1, NumberFunctions::sum)
                .add("max", 1, 1, (args, run) -> most(args, 1))
                .add("min", 1, 1, (args, run) -> most(args, -1))
                .add("average", 1, 1, (args, run) -> {
                    JsonNumber sum = sum(args, run);
                    List<?> list = args.list(0);
                    return sum == null || list == null || list.isEmpty()
                            ? null
                            : Numbers.divide(sum, JsonNumber.of(list.size()));
                });
    }

    private static Builtin.Body of(UnaryOperator<JsonNumber> operator) {
        return (args, run) -> {
            JsonNumber number = args.number(0);
            return number == null ? null : operator.apply(number);
        };
    }

    private static @Nullable Object number(CallArguments args, Evaluator run) {
        Object value = args.at(0);
        if (value == null || value instanceof JsonNumber) {
            return value;
        }
        if (value instanceof Boolean is) {
            return JsonNumber.of(is ? 1 : 0);
        }
        if (value instanceof String text && JsonNumber.isNumber(text)) {
            return JsonNumber.written(text);
        }
        throw EvaluationError.of(args.where(0) + " is no number");
    }

    private static @Nullable JsonNumber sum(CallArguments args, Evaluator run) {
        List<?> list = args.list(0);
        if (list == null) {
            return null;
        }
        JsonNumber sum = JsonNumber.of(0);
        for (Object each : list) {
            run.tick();
            sum = Numbers.add(sum, Numbers.number(each, "each element of " + args.where(0)));
        }
        return sum;
    }

    private static @Nullable Object most(CallArguments args, int sign) {
        List<?> list = args.list(0);
        JsonNumber most = null;
        for (Object each : list == null ? List.of() : list) {
            JsonNumber number = Numbers.number(each, "each element of " + args.where(0));
            if (most == null || number.shown().compareTo(most.shown()) * sign > 0) {
                most = number;
            }
        }
        return most;
    }

    private static @Nullable Object formatNumber(CallArguments args, Evaluator run) {
        JsonNumber number = args.number(0);
        if (number == null) {
            return null;
        }
        String picture = Pictures.checked(args, 1);
        Map<?, ?> given = args.object(2);
        Map<String, String> options = new HashMap<>();
        if (given != null) {
            given.forEach((key, value) -> options.put((String) key, Values.text(value, args.where(2))));
        }
        return Pictures.written(
                () -> com.dashjoin.jsonata.Functions.formatNumber(
                        number.shown(), picture, given == null ? null : options),
                args,
                run);
    }

    private static @Nullable Object formatBase(CallArguments args, Evaluator run) {
        JsonNumber number = args.number(0);
        if (number == null) {
            return null;
        }
        int radix = args.integer(1, 10);
        if (radix < Character.MIN_RADIX || radix > Character.MAX_RADIX) {
            throw EvaluationError.of(args.where(1) + " must be 2 to 36");
        }
        return number.shown().setScale(0, RoundingMode.HALF_EVEN).toBigInteger().toString(radix);
    }

    private static @Nullable Object formatInteger(CallArguments args, Evaluator run) {
        JsonNumber number = args.number(0);
        if (number == null) {
            return null;
        }
        String picture = Pictures.checked(args, 1);
        BigDecimal whole = number.shown().setScale(0, RoundingMode.FLOOR);
        boolean roman = picture.startsWith("I") || picture.startsWith("i");
        if (whole.abs().compareTo(BigDecimal.valueOf(roman ? MAX_ROMAN : 1L << 53)) > 0) {
            throw EvaluationError.of(args.where(0) + " is too large for its picture");
        }
        return Pictures.written(() -> DateTimeUtils.formatInteger(whole.longValue(), picture), args, run);
    }
}
