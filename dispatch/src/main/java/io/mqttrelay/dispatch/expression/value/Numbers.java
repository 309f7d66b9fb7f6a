package io.mqttrelay.dispatch.expression.value;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Arithmetic. Sums, differences, products and remainders are exact, or the evaluation fails. A quotient with more than 15
 * digits is rounded, and so are the results that are computed from it.
 */
public final class Numbers {
    /** Digits that are kept: more than are shown. */
    private static final MathContext KEPT = MathContext.DECIMAL128;

    private static final MathContext QUOTIENT = new MathContext(15);

    private Numbers() {}

    /** The number of an argument or an operand. */
    public static JsonNumber number(Object value, String where) {
        if (value instanceof JsonNumber number) {
            return number;
        }
        throw EvaluationError.of(where + " must be a number, not " + Values.typeOf(value));
    }

    /** An argument that must fit an int: a place or a length; a fraction is dropped. */
    public static int integer(Object value, String where) {
        BigDecimal number = number(value, where).shown();
        return number.max(BigDecimal.valueOf(Integer.MIN_VALUE))
                .min(BigDecimal.valueOf(Integer.MAX_VALUE))
                .intValue();
    }

    /** The sum: exact, or rounded if a number is; an error if it has too many digits. */
    public static JsonNumber add(JsonNumber a, JsonNumber b) {
        return result(a.value().add(b.value()), a, b);
    }

    /** The difference, as exact as {@link #add}. */
    public static JsonNumber subtract(JsonNumber a, JsonNumber b) {
        return result(a.value().subtract(b.value()), a, b);
    }

    /** The product, as exact as {@link #add}. */
    public static JsonNumber multiply(JsonNumber a, JsonNumber b) {
        return result(a.value().multiply(b.value()), a, b);
    }

    /** The remainder with the sign of {@code a}; an error if {@code b} is zero. */
    public static JsonNumber remainder(JsonNumber a, JsonNumber b) {
        divisor(b);
        return result(a.value().remainder(b.value()), a, b);
    }

    /** The quotient; an error if {@code b} is zero. */
    public static JsonNumber divide(JsonNumber a, JsonNumber b) {
        divisor(b);
        BigDecimal quotient = a.value().divide(b.value(), QUOTIENT);
        boolean exact =
                !a.isRounded() && !b.isRounded() && quotient.multiply(b.value()).compareTo(a.value()) == 0;
        return exact
                ? JsonNumber.exact(quotient)
                : inRange(JsonNumber.rounded(a.value().divide(b.value(), KEPT)));
    }

    private static void divisor(JsonNumber number) {
        if (number.value().signum() == 0) {
            throw EvaluationError.of("division by zero");
        }
    }

    /** The number with the other sign. */
    public static JsonNumber negate(JsonNumber a) {
        return a.isRounded()
                ? JsonNumber.rounded(a.value().negate())
                : JsonNumber.exact(a.value().negate());
    }

    /** The number without its sign. */
    public static JsonNumber abs(JsonNumber a) {
        return a.value().signum() < 0 ? negate(a) : a;
    }

    /** Rounds half to even, as JSONata does. */
    public static JsonNumber round(JsonNumber a, int places, RoundingMode mode) {
        if (Math.abs((long) places) > JsonNumber.MAX_LENGTH) {
            throw EvaluationError.of("the number of places is out of range");
        }
        return JsonNumber.exact(a.shown().setScale(places, mode));
    }

    /** The square root; an error if the number is negative. */
    public static JsonNumber sqrt(JsonNumber a) {
        if (a.value().signum() < 0) {
            throw EvaluationError.of("the square root of a negative number");
        }
        BigDecimal root = a.value().sqrt(KEPT);
        boolean exact = !a.isRounded() && root.multiply(root).compareTo(a.value()) == 0;
        return exact ? JsonNumber.exact(root) : JsonNumber.rounded(root);
    }

    /** Exact for whole exponents as far as the digits go; otherwise rounded. */
    public static JsonNumber power(JsonNumber a, JsonNumber b) {
        BigDecimal exponent = b.shown();
        boolean whole = exponent.stripTrailingZeros().scale() <= 0;
        if (whole && exponent.signum() >= 0 && exponent.compareTo(BigDecimal.valueOf(JsonNumber.MAX_LENGTH)) <= 0) {
            BigDecimal exact = a.value().pow(exponent.intValue());
            return a.isRounded() || exact.precision() > KEPT.getPrecision()
                    ? inRange(JsonNumber.rounded(exact.round(KEPT)))
                    : inRange(JsonNumber.exact(exact));
        }
        double power = Math.pow(a.value().doubleValue(), exponent.doubleValue());
        if (!Double.isFinite(power)) {
            throw EvaluationError.of("the power is no number");
        }
        return JsonNumber.rounded(BigDecimal.valueOf(power));
    }

    private static JsonNumber result(BigDecimal exact, JsonNumber a, @Nullable JsonNumber b) {
        if (a.isRounded() || (b != null && b.isRounded())) {
            return inRange(JsonNumber.rounded(exact.round(KEPT)));
        }
        if (exact.precision() > KEPT.getPrecision()
                && exact.stripTrailingZeros().precision() > KEPT.getPrecision()) {
            throw EvaluationError.of("the result has more digits than can be computed exactly");
        }
        return inRange(JsonNumber.exact(exact));
    }

    private static JsonNumber inRange(JsonNumber number) {
        if (Math.abs((long) number.value().scale()) > JsonNumber.MAX_LENGTH) {
            throw EvaluationError.of("the result is out of the range of numbers");
        }
        return number;
    }
}
