package io.mqttrelay.dispatch.expression;

import io.mqttrelay.dispatch.expression.function.TextFunctions;
import io.mqttrelay.dispatch.expression.value.EvaluationError;
import io.mqttrelay.dispatch.expression.value.Evaluator;
import io.mqttrelay.dispatch.expression.value.Items;
import io.mqttrelay.dispatch.expression.value.JsonNumber;
import io.mqttrelay.dispatch.expression.value.Node;
import io.mqttrelay.dispatch.expression.value.Numbers;
import io.mqttrelay.dispatch.expression.value.Scope;
import io.mqttrelay.dispatch.expression.value.Values;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operators of two values. */
final class Operators {
    private Operators() {}

    /** Arithmetic: {@code + - * / %}. */
    record Arithmetic(int position, char sign, Node left, Node right) implements Node {
        @Override
        public @Nullable Object eval(@Nullable Object input, Scope scope, Evaluator run) {
            Object a = run.eval(left, input, scope);
            Object b = run.eval(right, input, scope);
            if (a != null) {
                Numbers.number(a, "the left side of " + sign);
            }
            if (b != null) {
                Numbers.number(b, "the right side of " + sign);
            }
            return a == null || b == null ? null : compute((JsonNumber) a, (JsonNumber) b);
        }

        private JsonNumber compute(JsonNumber a, JsonNumber b) {
            return switch (sign) {
                case '+' -> Numbers.add(a, b);
                case '-' -> Numbers.subtract(a, b);
                case '*' -> Numbers.multiply(a, b);
                case '/' -> Numbers.divide(a, b);
                default -> Numbers.remainder(a, b);
            };
        }
    }

    /** A number with the other sign. */
    record Negation(int position, Node operand) implements Node {
        @Override
        public @Nullable Object eval(@Nullable Object input, Scope scope, Evaluator run) {
            Object value = run.eval(operand, input, scope);
            return value == null ? null : Numbers.negate(Numbers.number(value, "a negated value"));
        }
    }

    /** {@code =} and {@code !=}; false if a side yields nothing. */
    record Equality(int position, boolean equal, Node left, Node right) implements Node {
        @Override
        public Object eval(@Nullable Object input, Scope scope, Evaluator run) {
            Object a = run.eval(left, input, scope);
            Object b = run.eval(right, input, scope);
            return a != null && b != null && Values.equal(a, b, run) == equal;
        }
    }

    /** {@code < <= > >=}; nothing if a side yields nothing. */
    record Comparison(int position, String sign, Node left, Node right) implements Node {
        @Override
        public @Nullable Object eval(@Nullable Object input, Scope scope, Evaluator run) {
            Object a = run.eval(left, input, scope);
            Object b = run.eval(right, input, scope);
            if (a == null || b == null) {
                return null;
            }
            int order = Values.compare(a, b);
            return switch (sign) {
                case "<" -> order < 0;
                case "<=" -> order <= 0;
                case ">" -> order > 0;
                default -> order >= 0;
            };
        }
    }

    /** {@code in}: whether a list has a value. */
    record Membership(int position, Node left, Node right) implements Node {
        @Override
        public Object eval(@Nullable Object input, Scope scope, Evaluator run) {
            Object value = run.eval(left, input, scope);
            List<?> list = Items.listOf(run.eval(right, input, scope));
            if (value == null || list == null) {
                return false;
            }
            for (Object each : list) {
                if (Values.equal(value, each, run)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** {@code and}, {@code or}: the right side is evaluated only if the left one does not decide. */
    record Logic(int position, boolean and, Node left, Node right) implements Node {
        @Override
        public Object eval(@Nullable Object input, Scope scope, Evaluator run) {
            boolean first = Values.isTrue(run.eval(left, input, scope), run);
            return first == and ? Values.isTrue(run.eval(right, input, scope), run) : first;
        }
    }

    /** {@code &}: both sides as one text. */
    record Concatenation(int position, Node left, Node right) implements Node {
        @Override
        public Object eval(@Nullable Object input, Scope scope, Evaluator run) {
            String a = TextFunctions.string(run.eval(left, input, scope), false, run);
            String b = TextFunctions.string(run.eval(right, input, scope), false, run);
            run.makeText((long) a.length() + b.length());
            return a + b;
        }
    }

    /** {@code a..b}: whole numbers in order. */
    record Range(int position, Node left, Node right) implements Node {
        @Override
        public @Nullable Object eval(@Nullable Object input, Scope scope, Evaluator run) {
            Object a = run.eval(left, input, scope);
            Object b = run.eval(right, input, scope);
            if (a == null || b == null) {
                return null;
            }
            long first = whole(a);
            long last = whole(b);
            if (first > last) {
                return null;
            }
            run.make((last - first + 1) * Evaluator.ELEMENT);
            Items items = Items.sequence();
            for (long i = first; i <= last; i++) {
                run.step();
                items.add(JsonNumber.of(i));
            }
            return items;
        }

        private static long whole(Object value) {
            BigDecimal number = Numbers.number(value, "each side of ..").shown().stripTrailingZeros();
            if (number.scale() > 0 || number.precision() - number.scale() > 15) {
                throw EvaluationError.of("each side of .. must be a whole number of at most 15 digits");
            }
            return number.longValueExact();
        }
    }
}
