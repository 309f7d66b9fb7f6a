package io.mqttrelay.dispatch.expression;

import io.mqttrelay.dispatch.expression.function.Applicable;
import io.mqttrelay.dispatch.expression.function.FunctionCalls;
import io.mqttrelay.dispatch.expression.value.EvaluationError;
import io.mqttrelay.dispatch.expression.value.Evaluator;
import io.mqttrelay.dispatch.expression.value.Items;
import io.mqttrelay.dispatch.expression.value.Node;
import io.mqttrelay.dispatch.expression.value.Scope;
import io.mqttrelay.dispatch.expression.value.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Definitions and calls of functions, as parts of an expression. */
final class Calls {
    private Calls() {}

    /** {@code f(a, b)}. */
    record Call(int position, Node function, List<Node> arguments, boolean last) implements Node {
        @Override
        public @Nullable Object eval(@Nullable Object input, Scope scope, Evaluator run) {
            return with(null, false, input, scope, run);
        }

        /** Calls it with one more argument in front. */
        @Nullable
        Object with(@Nullable Object first, boolean hasFirst, @Nullable Object input, Scope scope, Evaluator run) {
            Applicable called = FunctionCalls.function(run.eval(function, input, scope), "a called value");
            List<@Nullable Object> values = new ArrayList<>(arguments.size() + 1);
            if (hasFirst) {
                values.add(first);
            }
            for (Node argument : arguments) {
                values.add(run.eval(argument, input, scope));
            }
            return last && !hasFirst
                    ? new FunctionCalls.Pending(called, values)
                    : FunctionCalls.apply(called, values, input, run);
        }
    }

    /** {@code function($a, $b){body}}. */
    record Definition(int position, List<String> parameters, Node body) implements Node {
        @Override
        public Object eval(@Nullable Object input, Scope scope, Evaluator run) {
            return new Closure(this, input, scope);
        }
    }

    /** A function of the expression, with the variables around it. */
    private record Closure(Definition definition, @Nullable Object input, Scope scope) implements Applicable {
        @Override
        public @Nullable Object apply(List<@Nullable Object> arguments, @Nullable Object at, Evaluator run) {
            Scope inner = new Scope(scope);
            List<String> names = definition.parameters();
            for (int i = 0; i < names.size(); i++) {
                inner.bind(names.get(i), i < arguments.size() ? arguments.get(i) : null);
            }
            return run.eval(definition.body(), input, inner);
        }

        @Override
        public int arity() {
            return definition.parameters().size();
        }
    }

    /** {@code f(?, b)}: a function of the arguments that are left out. */
    record Partial(int position, Node function, List<@Nullable Node> arguments) implements Node {
        @Override
        public Object eval(@Nullable Object input, Scope scope, Evaluator run) {
            Applicable called = FunctionCalls.function(run.eval(function, input, scope), "a partially applied value");
            List<@Nullable Object> fixed = new ArrayList<>();
            for (Node argument : arguments) {
                fixed.add(argument == null ? null : run.eval(argument, input, scope));
            }
            return new Partly(called, arguments, fixed);
        }
    }

    private record Partly(Applicable function, List<@Nullable Node> written, List<@Nullable Object> fixed)
            implements Applicable {
        @Override
        public @Nullable Object apply(List<@Nullable Object> arguments, @Nullable Object input, Evaluator run) {
            run.step();
            List<@Nullable Object> all = new ArrayList<>();
            int next = 0;
            for (int i = 0; i < written.size(); i++) {
                boolean open = written.get(i) == null;
                all.add(open ? next < arguments.size() ? arguments.get(next) : null : fixed.get(i));
                next += open ? 1 : 0;
            }
            return new FunctionCalls.Pending(function, all);
        }

        @Override
        public int arity() {
            return (int) written.stream().filter(each -> each == null).count();
        }
    }

    /** {@code value ~> f}: calls the function with the value, or joins two functions to one. */
    record Chain(int position, Node left, Node right) implements Node {
        @Override
        public @Nullable Object eval(@Nullable Object input, Scope scope, Evaluator run) {
            Object value = run.eval(left, input, scope);
            if (right instanceof Call call) {
                return call.with(value, true, input, scope, run);
            }
            Applicable function = FunctionCalls.function(run.eval(right, input, scope), "the right side of ~>");
            if (value instanceof Applicable first) {
                return new Joined(first, function);
            }
            List<@Nullable Object> arguments = new ArrayList<>();
            arguments.add(value);
            return FunctionCalls.apply(function, arguments, input, run);
        }
    }

    private record Joined(Applicable first, Applicable second) implements Applicable {
        @Override
        public @Nullable Object apply(List<@Nullable Object> arguments, @Nullable Object input, Evaluator run) {
            List<@Nullable Object> between = new ArrayList<>();
            between.add(FunctionCalls.nested(first, arguments, input, run));
            return new FunctionCalls.Pending(second, between);
        }

        @Override
        public int arity() {
            return first.arity();
        }
    }

    /** {@code |pattern|update, delete|}: a function that changes a copy of its argument. */
    record Transformation(
            int position,
            Node pattern,
            Node update,
            @Nullable Node delete) implements Node {
        @Override
        public Object eval(@Nullable Object input, Scope scope, Evaluator run) {
            return new Transformer(this, scope);
        }

        private @Nullable Object transform(Object argument, Scope scope, Evaluator run) {
            Object copy = Values.copy(argument, run);
            List<?> matches = Items.listOf(run.eval(pattern, copy, scope));
            if (matches == null) {
                return copy;
            }
            for (Object match : List.copyOf(matches)) {
                if (!(match instanceof Values.Changeable object)) {
                    throw EvaluationError.of("a transformation changes objects of its argument only");
                }
                change(object, scope, run);
            }
            return copy;
        }

        private void change(Values.Changeable object, Scope scope, Evaluator run) {
            Object changes = run.eval(update, object, scope);
            if (changes != null) {
                Map<?, ?> map = Values.object(changes, "the update of a transformation");
                run.make((long) map.size() * Evaluator.ELEMENT);
                map.forEach((key, value) -> object.put((String) key, value == object ? Map.copyOf(object) : value));
            }
            List<?> names = delete == null ? null : Items.listOf(run.eval(delete, object, scope));
            if (names != null) {
                names.forEach(name -> object.remove(Values.text(name, "a deleted key")));
            }
        }
    }

    private record Transformer(Transformation of, Scope scope) implements Applicable {
        @Override
        public @Nullable Object apply(List<@Nullable Object> arguments, @Nullable Object input, Evaluator run) {
            Object argument = arguments.isEmpty() ? null : arguments.get(0);
            return argument == null ? null : of.transform(argument, scope, run);
        }

        @Override
        public int arity() {
            return 1;
        }
    }
}
