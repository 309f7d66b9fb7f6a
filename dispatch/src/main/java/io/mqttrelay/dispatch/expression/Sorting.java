package io.mqttrelay.dispatch.expression;

import io.mqttrelay.dispatch.expression.value.Evaluator;
import io.mqttrelay.dispatch.expression.value.Items;
import io.mqttrelay.dispatch.expression.value.MergeSort;
import io.mqttrelay.dispatch.expression.value.Node;
import io.mqttrelay.dispatch.expression.value.Scope;
import io.mqttrelay.dispatch.expression.value.Values;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code ^(a, >b)}: a step that orders the values so far. */
record Sorting(int position, List<Term> terms) implements Node {
    /** One term of an order. */
    record Term(Node value, boolean descending) {}

    @Override
    public @Nullable Object eval(@Nullable Object input, Scope scope, Evaluator run) {
        List<?> list = Items.listOf(input);
        return list == null ? null : sorted(list, scope, run);
    }

    List<?> sorted(List<?> values, Scope scope, Evaluator run) {
        return MergeSort.sort(values, (a, b) -> compare(a, b, scope, run) > 0, run);
    }

    private int compare(Object a, Object b, Scope scope, Evaluator run) {
        for (Term term : terms) {
            Object left = run.eval(term.value(), a, scope);
            Object right = run.eval(term.value(), b, scope);
            if (left == null || right == null) {
                if (left != right) {
                    return left == null ? 1 : -1; // nothing comes last
                }
                continue;
            }
            int order = Values.compare(left, right);
            if (order != 0) {
                return term.descending() ? -order : order;
            }
        }
        return 0;
    }
}
