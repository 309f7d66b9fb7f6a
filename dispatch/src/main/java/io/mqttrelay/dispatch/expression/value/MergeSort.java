package io.mqttrelay.dispatch.expression.value;

import java.util.ArrayList;
import java.util.List;

/** Sorts stably by any order, also by one that contradicts itself. */
public final class MergeSort {
    /** An order. */
    public interface After {
        /** Whether {@code a} belongs after {@code b}. */
        boolean test(Object a, Object b);
    }

    private MergeSort() {}

    /** A sorted copy, as a sequence. */
    public static Items sort(List<?> values, After after, Evaluator run) {
        return Items.sequence().with(sorted(values, after, run), run);
    }

    private static List<?> sorted(List<?> values, After after, Evaluator run) {
        if (values.size() < 2) {
            return values;
        }
        run.make((long) values.size() * Evaluator.ELEMENT);
        int middle = values.size() / 2;
        List<?> left = sorted(values.subList(0, middle), after, run);
        List<?> right = sorted(values.subList(middle, values.size()), after, run);
        List<Object> merged = new ArrayList<>(values.size());
        int l = 0;
        int r = 0;
        while (l < left.size() && r < right.size()) {
            run.step();
            merged.add(after.test(left.get(l), right.get(r)) ? right.get(r++) : left.get(l++));
        }
        merged.addAll(left.subList(l, left.size()));
        merged.addAll(right.subList(r, right.size()));
        return merged;
    }
}
