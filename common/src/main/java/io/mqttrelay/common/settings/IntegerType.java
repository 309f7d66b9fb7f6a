package io.mqttrelay.common.settings;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Pattern;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** A whole number between two bounds, both included. */
public record IntegerType(int min, int max) implements Type<Integer> {
    private static final Pattern DIGITS = Pattern.compile("-?[0-9]{1,18}");

    @Override
    public @Nullable Integer read(Value value) {
        BigInteger number = number(value);
        if (number == null) {
            return null;
        }
        if (number.compareTo(BigInteger.valueOf(min)) < 0 || number.compareTo(BigInteger.valueOf(max)) > 0) {
            value.expected(describe());
            return null;
        }
        return number.intValue();
    }

    private @Nullable BigInteger number(Value value) {
        if (value.json().isIntegralNumber()) {
            return value.json().bigIntegerValue();
        }
        if (value.isReference()) {
            String text = value.text();
            if (text == null) {
                return null;
            }
            if (DIGITS.matches(text)) {
                return new BigInteger(text);
            }
        }
        value.expected("a whole number " + describe());
        return null;
    }

    @Override
    public String describe() {
        return min + ".." + max;
    }

    @Override
    public ObjectNode schema() {
        return Type.orReference(Type.schemaOf("integer").put("minimum", min).put("maximum", max));
    }

    @Override
    public boolean takesNull() {
        return false;
    }
}
