package io.mqttrelay.common.settings;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Pattern;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** A number, whole or not, between two bounds, both included. */
public record DecimalType(BigDecimal min, BigDecimal max) implements Type<Double> {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,18})?");

    public DecimalType(int min, int max) {
        this(BigDecimal.valueOf(min), BigDecimal.valueOf(max));
    }

    /** From a fraction on. */
    public static DecimalType between(String min, int max) {
        return new DecimalType(new BigDecimal(min), BigDecimal.valueOf(max));
    }

    @Override
    public @Nullable Double read(Value value) {
        BigDecimal number = number(value);
        if (number == null) {
            return null;
        }
        if (number.compareTo(min) < 0 || number.compareTo(max) > 0) {
            value.expected(describe());
            return null;
        }
        return number.doubleValue();
    }

    private @Nullable BigDecimal number(Value value) {
        if (value.json().isNumber()) {
            return value.json().decimalValue();
        }
        if (value.isReference()) {
            String text = value.text();
            if (text == null) {
                return null;
            }
            if (NUMBER.matches(text)) {
                return new BigDecimal(text);
            }
        }
        value.expected("a number " + describe());
        return null;
    }

    @Override
    public String describe() {
        return min + ".." + max;
    }

    @Override
    public ObjectNode schema() {
        return Type.orReference(Type.schemaOf("number").put("minimum", min).put("maximum", max));
    }

    @Override
    public boolean takesNull() {
        return false;
    }
}
