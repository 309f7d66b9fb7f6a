package io.mqttrelay.dispatch.expression.value;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A number as it was written, or as it was computed. A written number is passed on as its own text, so that no digit of it
 * changes. Immutable.
 */
public final class JsonNumber {
    /** Digits of a number that was rounded, as people see it and as it is compared. */
    private static final MathContext SHOWN = new MathContext(15);

    private static final Pattern SYNTAX =
            Pattern.compile("-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?+(?:[eE][-+]?+[0-9]++)?+");

    /** Longer numbers, and larger exponents, are passed on but not computed with. */
    public static final int MAX_LENGTH = 400;

    private static final int PLAIN_INTEGER = 21;
    private static final int PLAIN_FRACTION = 7;

    private final @Nullable String written;
    private final boolean rounded;
    private @Nullable BigDecimal value; // made when it is needed; a race makes it twice

    private JsonNumber(@Nullable String written, @Nullable BigDecimal value, boolean rounded) {
        this.written = written;
        this.value = value;
        this.rounded = rounded;
    }

    /**
     * The number as it is written.
     *
     * @param text a number of JSON
     */
    public static JsonNumber written(String text) {
        return new JsonNumber(text, null, false);
    }

    static JsonNumber exact(BigDecimal value) {
        return new JsonNumber(null, value, false);
    }

    /** @param value with more digits than are shown, so that errors do not add up */
    static JsonNumber rounded(BigDecimal value) {
        return new JsonNumber(null, value, true);
    }

    /** A whole number, exact. */
    public static JsonNumber of(long value) {
        return exact(BigDecimal.valueOf(value));
    }

    /** Whether the text is a number of JSON that is short enough to compute with. */
    public static boolean isNumber(String text) {
        return text.length() <= MAX_LENGTH && SYNTAX.matcher(text).matches();
    }

    boolean isRounded() {
        return rounded;
    }

    /** The value for arithmetic; an error if it is out of its range. */
    BigDecimal value() {
        BigDecimal number = value;
        if (number == null) {
            number = read(String.valueOf(written));
            value = number;
        }
        return number;
    }

    private static BigDecimal read(String text) {
        if (text.length() <= MAX_LENGTH) {
            try {
                BigDecimal number = new BigDecimal(text);
                if (Math.abs((long) number.scale()) <= MAX_LENGTH) {
                    return number;
                }
            } catch (NumberFormatException e) {
                throw outOfRange(text); // its exponent is no int
            }
        }
        throw outOfRange(text);
    }

    private static EvaluationError outOfRange(String text) {
        return EvaluationError.of("the number " + (text.length() > 40 ? text.substring(0, 40) + "..." : text)
                + " cannot be compared or computed with exactly");
    }

    /** The value for comparisons and functions. */
    public BigDecimal shown() {
        return rounded ? value().round(SHOWN) : value();
    }

    /** The number in JSON. */
    public String text() {
        if (written != null) {
            return written;
        }
        BigDecimal number = shown();
        if (number.signum() == 0) {
            return "0";
        }
        BigDecimal plain = number.stripTrailingZeros();
        int integer = plain.precision() - plain.scale();
        return integer > PLAIN_INTEGER || plain.scale() - plain.precision() >= PLAIN_FRACTION
                ? plain.toString().replace('E', 'e')
                : plain.toPlainString();
    }

    @Override
    public String toString() {
        return text();
    }
}
