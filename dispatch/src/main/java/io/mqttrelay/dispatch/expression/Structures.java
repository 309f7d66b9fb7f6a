package io.mqttrelay.dispatch.expression;

import io.mqttrelay.dispatch.expression.value.EvaluationError;
import io.mqttrelay.dispatch.expression.value.Evaluator;
import io.mqttrelay.dispatch.expression.value.Items;
import io.mqttrelay.dispatch.expression.value.JsonText;
import io.mqttrelay.dispatch.expression.value.Node;
import io.mqttrelay.dispatch.expression.value.Scope;
import io.mqttrelay.dispatch.expression.value.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values that are written in the expression, variables, and the parts that hold others together. */
final class Structures {
    private Structures() {}

    /** A constant. */
    record Literal(int position, Object value) implements Node {
        @Override
        public Object eval(@Nullable Object input, Scope scope, Evaluator run) {
            return value;
        }
    }

    /** {@code $name}; {@code $} is the context value, {@code $$} the input of the whole expression. */
    record Variable(int position, String name) implements Node {
        @Override
        public @Nullable Object eval(@Nullable Object input, Scope scope, Evaluator run) {
            return switch (name) {
                case "" -> input;
                case "$" -> run.root();
                default -> scope.find(name);
            };
        }
    }

    /** {@code [a, b]}: lists among the elements become part of the array, unless they are written as arrays. */
    record ArrayLiteral(int position, List<Node> elements, boolean constructed) implements Node {
        @Override
        public Object eval(@Nullable Object input, Scope scope, Evaluator run) {
            Items array = Items.array();
            for (Node element : elements) {
                Object value = run.eval(element, input, scope);
                if (value == null) {
                    continue;
                }
                if (element instanceof ArrayLiteral) {
                    run.make(Evaluator.ELEMENT);
                    array.add(value);
                } else {
                    array.flattened(value, run);
                }
            }
            return constructed ? Items.constructed(array, run) : array;
        }
    }

    /** {@code {key: value}}: groups the elements of the input by key. */
    record ObjectLiteral(int position, List<Map.Entry<Node, Node>> pairs) implements Node {
        private record Group(int pair, List<Object> members) {}

        @Override
        public Object eval(@Nullable Object input, Scope scope, Evaluator run) {
            if (!(input instanceof List<?> list) || list.isEmpty()) {
                return single(input instanceof List ? null : input, scope, run);
            }
            Map<String, Group> groups = new LinkedHashMap<>();
            for (Object item : list) {
                for (int i = 0; i < pairs.size(); i++) {
                    String key = key(run.eval(pairs.get(i).getKey(), item, scope));
                    if (key != null) {
                        group(groups, key, i, item, run);
                    }
                }
            }
            Map<String, Object> object = new LinkedHashMap<>();
            groups.forEach((key, group) -> {
                Object of = group.members().size() == 1 ? group.members().get(0) : group.members();
                put(object, key, run.eval(pairs.get(group.pair()).getValue(), of, scope), run);
            });
            return object;
        }

        /** The common case: one context value. */
        private Object single(@Nullable Object input, Scope scope, Evaluator run) {
            Map<String, Object> object = new LinkedHashMap<>();
            List<String> keys = new ArrayList<>(pairs.size());
            for (Map.Entry<Node, Node> pair : pairs) {
                String key = key(run.eval(pair.getKey(), input, scope));
                if (key != null && keys.contains(key)) {
                    throw repeated(key);
                }
                keys.add(key == null ? "" : key);
                if (key != null) {
                    put(object, key, run.eval(pair.getValue(), input, scope), run);
                }
            }
            return object;
        }

        private static void group(Map<String, Group> groups, String key, int pair, Object item, Evaluator run) {
            Group group = groups.computeIfAbsent(key, k -> new Group(pair, new ArrayList<>()));
            if (group.pair() != pair) {
                throw repeated(key);
            }
            if (item instanceof List<?> list) {
                run.make((long) list.size() * Evaluator.ELEMENT);
                group.members().addAll(list);
            } else {
                run.make(Evaluator.ELEMENT);
                group.members().add(item);
            }
        }

        private static EvaluationError repeated(String key) {
            return EvaluationError.of("two keys of an object are " + JsonText.of(key));
        }

        private static void put(Map<String, Object> object, String key, @Nullable Object value, Evaluator run) {
            if (value != null) {
                run.make(Evaluator.ELEMENT);
                object.put(key, value);
            }
        }

        private static @Nullable String key(@Nullable Object key) {
            return key == null ? null : Values.text(key, "a key of an object");
        }
    }

    /** {@code (a; b)}: the value of the last part. */
    record Block(int position, List<Node> parts) implements Node {
        @Override
        public @Nullable Object eval(@Nullable Object input, Scope scope, Evaluator run) {
            Scope inner = new Scope(scope);
            Object value = null;
            for (Node part : parts) {
                value = run.eval(part, input, inner);
            }
            return value;
        }
    }

    /** {@code $name := value}. */
    record Binding(int position, String name, Node value) implements Node {
        @Override
        public @Nullable Object eval(@Nullable Object input, Scope scope, Evaluator run) {
            Object bound = run.eval(value, input, scope);
            scope.bind(name, bound);
            return bound;
        }
    }

    /** {@code condition ? then : otherwise}. */
    record Choice(
            int position,
            Node condition,
            Node then,
            @Nullable Node otherwise) implements Node {
        @Override
        public @Nullable Object eval(@Nullable Object input, Scope scope, Evaluator run) {
            if (Values.isTrue(run.eval(condition, input, scope), run)) {
                return run.eval(then, input, scope);
            }
            return otherwise == null ? null : run.eval(otherwise, input, scope);
        }
    }
}
