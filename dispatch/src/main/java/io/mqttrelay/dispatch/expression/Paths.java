package io.mqttrelay.dispatch.expression;

import io.mqttrelay.dispatch.expression.value.Evaluator;
import io.mqttrelay.dispatch.expression.value.Items;
import io.mqttrelay.dispatch.expression.value.JsonNumber;
import io.mqttrelay.dispatch.expression.value.Node;
import io.mqttrelay.dispatch.expression.value.Numbers;
import io.mqttrelay.dispatch.expression.value.Scope;
import io.mqttrelay.dispatch.expression.value.Values;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Paths through objects and lists, with their filters, order and groups. */
final class Paths {
    private Paths() {}

    /** The value of a key. */
    record Name(int position, String name) implements Node {
        @Override
        public @Nullable Object eval(@Nullable Object input, Scope scope, Evaluator run) {
            return Values.lookup(input, name, run);
        }
    }

    /** {@code *}: all values of an object. */
    record Wildcard(int position) implements Node {
        @Override
        public Object eval(@Nullable Object input, Scope scope, Evaluator run) {
            Items found = Items.sequence();
            if (input instanceof Map<?, ?> map) {
                map.values().forEach(value -> flatten(value, found, run));
            } else if (input instanceof List<?> list) {
                list.forEach(value -> flatten(value, found, run));
            }
            return found;
        }

        private static void flatten(Object value, Items found, Evaluator run) {
            run.make(Evaluator.ELEMENT);
            if (value instanceof List<?> list) {
                list.forEach(each -> flatten(each, found, run));
            } else {
                found.add(value);
            }
        }
    }

    /** {@code **}: the value and all values in it. */
    record Descendants(int position) implements Node {
        @Override
        public Object eval(@Nullable Object input, Scope scope, Evaluator run) {
            Items found = Items.sequence();
            if (input != null) {
                collect(input, found, run);
            }
            return found;
        }

        private static void collect(Object value, Items found, Evaluator run) {
            run.make(Evaluator.ELEMENT);
            if (value instanceof List<?> list) {
                list.forEach(each -> collect(each, found, run));
                return;
            }
            found.add(value);
            if (value instanceof Map<?, ?> map) {
                map.values().forEach(each -> collect(each, found, run));
            }
        }
    }

    /**
     * One step: a part that is evaluated for each value so far, and filters of its results.
     *
     * @param kind how a first step gets the input
     */
    record Step(Node node, List<Node> filters, Kind kind) {}

    /** How a first step gets the input of the path. */
    enum Kind {
        /** For each element of a list. */
        EACH,
        /** A variable: once. */
        ONCE,
        /** An array that the path constructs: once, and its result is not filtered again. */
        ARRAY
    }

    /** {@code a.b.c}. */
    record Path(int position, List<Step> steps, boolean keepArray) implements Node {
        @Override
        public @Nullable Object eval(@Nullable Object input, Scope scope, Evaluator run) {
            boolean isOnce = steps.get(0).kind() == Kind.ONCE;
            List<?> found = input instanceof List<?> list && !isOnce ? list : input == null ? null : List.of(input);
            for (int i = 0; i < steps.size(); i++) {
                found = step(i, found, scope, run);
                if (found.isEmpty()) {
                    break;
                }
            }
            if (!keepArray || found == null) {
                return found;
            }
            return Items.kept(Items.isConstructed(found) ? List.of(found) : found, run);
        }

        private List<?> step(int index, @Nullable List<?> values, Scope scope, Evaluator run) {
            Step step = steps.get(index);
            if (step.node() instanceof Sorting sorting) {
                List<?> sorted = sorting.sorted(values == null ? List.of() : values, scope, run);
                return filtered(step, sorted, scope, run);
            }
            if (index == 0 && (step.kind() == Kind.ARRAY || values == null)) {
                Object result = run.eval(step.node(), values, scope);
                Object all = result == null ? null : filter(step, result, scope, run);
                return all instanceof List<?> list ? list : Items.sequence(all);
            }
            return each(step, index == steps.size() - 1, values == null ? List.of() : values, scope, run);
        }

        private static List<?> each(Step step, boolean last, List<?> values, Scope scope, Evaluator run) {
            Items results = Items.sequence();
            for (Object value : values) {
                Object result = run.eval(step.node(), value, scope);
                if (result != null && !step.filters().isEmpty()) {
                    result = filter(step, result, scope, run);
                }
                if (result != null) {
                    results.add(result);
                }
            }
            if (last && results.size() == 1 && results.get(0) instanceof List<?> list && !Items.isSequence(list)) {
                return list;
            }
            Items flat = Items.sequence();
            for (Object result : results) {
                if (result instanceof List<?> list && !Items.isConstructed(list)) {
                    flat.with(list, run);
                } else {
                    run.make(Evaluator.ELEMENT);
                    flat.add(result);
                }
            }
            return flat;
        }

        private static List<?> filtered(Step step, List<?> values, Scope scope, Evaluator run) {
            Object result = step.filters().isEmpty() ? values : filter(step, values, scope, run);
            return result instanceof List<?> list ? list : Items.sequence(result);
        }

        private static @Nullable Object filter(Step step, Object value, Scope scope, Evaluator run) {
            Object result = value;
            for (Node filter : step.filters()) {
                result = result == null ? null : Filtered.filter(filter, result, scope, run);
            }
            return result;
        }
    }

    /** {@code value[predicate]} outside of a path. */
    record Filtered(int position, Node of, List<Node> filters) implements Node {
        @Override
        public @Nullable Object eval(@Nullable Object input, Scope scope, Evaluator run) {
            Object value = run.eval(of, input, scope);
            for (Node filter : filters) {
                value = value == null ? null : filter(filter, value, scope, run);
            }
            return value;
        }

        /** Keeps the elements for which the filter is true, or whose index it yields; from the end if it is negative. */
        static @Nullable Object filter(Node filter, Object value, Scope scope, Evaluator run) {
            List<?> list = value instanceof List<?> all ? all : List.of(value);
            if (filter instanceof Structures.Literal literal && literal.value() instanceof JsonNumber number) {
                Object item = at(list, index(number));
                return item instanceof List ? item : Items.unwrapped(Items.sequence(item));
            }
            Items kept = Items.sequence();
            for (int i = 0; i < list.size(); i++) {
                Object item = list.get(i);
                Object result = run.eval(filter, item, scope);
                if (isKept(result, i, list.size(), run)) {
                    run.make(Evaluator.ELEMENT);
                    kept.add(item);
                }
            }
            return Items.unwrapped(kept);
        }

        private static boolean isKept(@Nullable Object result, int index, int size, Evaluator run) {
            if (result instanceof JsonNumber number) {
                return place(index(number), size) == index;
            }
            if (!(result instanceof List<?> indexes)
                    || indexes.isEmpty()
                    || !indexes.stream().allMatch(JsonNumber.class::isInstance)) {
                return Values.isTrue(result, run);
            }
            for (Object each : indexes) {
                run.make(1);
                if (place(index((JsonNumber) each), size) == index) {
                    return true;
                }
            }
            return false;
        }

        private static @Nullable Object at(List<?> list, int index) {
            int place = place(index, list.size());
            return place >= 0 && place < list.size() ? list.get(place) : null;
        }

        private static int place(int index, int size) {
            return index < 0 ? size + index : index;
        }

        private static int index(JsonNumber number) {
            return Numbers.integer(Numbers.round(number, 0, java.math.RoundingMode.FLOOR), "an index");
        }
    }

    /** {@code value{key: value}}: groups the elements of a value. */
    record Grouped(int position, Node of, Structures.ObjectLiteral groups) implements Node {
        @Override
        public @Nullable Object eval(@Nullable Object input, Scope scope, Evaluator run) {
            return run.eval(groups, run.eval(of, input, scope), scope);
        }
    }

    /** {@code value[]}: stays an array also with one element. */
    record Kept(int position, Node of) implements Node {
        @Override
        public @Nullable Object eval(@Nullable Object input, Scope scope, Evaluator run) {
            Object value = run.eval(of, input, scope);
            return value == null || (value instanceof List && !Items.isSequence(value))
                    ? value
                    : Items.kept(value instanceof List<?> list ? list : List.of(value), run);
        }
    }
}
