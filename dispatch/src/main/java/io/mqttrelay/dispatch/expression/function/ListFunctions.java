package io.mqttrelay.dispatch.expression.function;

import io.mqttrelay.dispatch.expression.value.EvaluationError;
import io.mqttrelay.dispatch.expression.value.Evaluator;
import io.mqttrelay.dispatch.expression.value.Items;
import io.mqttrelay.dispatch.expression.value.JsonNumber;
import io.mqttrelay.dispatch.expression.value.MergeSort;
import io.mqttrelay.dispatch.expression.value.Values;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Functions of lists. */
final class ListFunctions {
    private ListFunctions() {}

    static void addTo(Functions functions) {
        functions
                .add("count", 1, 1, (args, run) -> {
                    List<?> list = args.list(0);
                    return JsonNumber.of(list == null ? 0 : list.size());
                })
                .add("append", 2, 2, (args, run) -> Values.append(args.at(0), args.at(1), run))
                .add("reverse", 1, 1, ListFunctions::reverse)
                .add("distinct", 1, 1, ListFunctions::distinct)
                .add("zip", 1, 16, ListFunctions::zip)
                .add("sort", 1, 2, ListFunctions::sort)
                .add("map", 2, 2, ListFunctions::map)
                .add("filter", 2, 2, (args, run) -> args.at(0) == null ? null : matching(args, run))
                .add("single", 1, 2, ListFunctions::single)
                .add("reduce", 2, 3, ListFunctions::reduce);
    }

    /** Calls a function with as many of the arguments as it takes. */
    static @Nullable Object call(Applicable function, Evaluator run, @Nullable Object... arguments) {
        run.step();
        List<@Nullable Object> given = new ArrayList<>();
        for (int i = 0; i < Math.min(arguments.length, function.arity()); i++) {
            given.add(arguments[i]);
        }
        return FunctionCalls.nested(function, given, null, run);
    }

    private static @Nullable Object reverse(CallArguments args, Evaluator run) {
        List<?> list = args.list(0);
        if (list == null) {
            return null;
        }
        Items reversed = Items.array();
        run.make((long) list.size() * Evaluator.ELEMENT);
        for (int i = list.size() - 1; i >= 0; i--) {
            reversed.add(list.get(i));
        }
        return reversed;
    }

    private static @Nullable Object distinct(CallArguments args, Evaluator run) {
        if (!(args.at(0) instanceof List<?> list)) {
            return args.at(0);
        }
        Items distinct = Items.isSequence(list) ? Items.sequence() : Items.array();
        for (Object each : list) {
            run.make(Evaluator.ELEMENT);
            if (distinct.stream().noneMatch(other -> Values.equal(other, each, run))) {
                distinct.add(each);
            }
        }
        return distinct;
    }

    private static Object zip(CallArguments args, Evaluator run) {
        Items zipped = Items.array();
        List<List<?>> lists = new ArrayList<>();
        int length = Integer.MAX_VALUE;
        for (Object value : args.values()) {
            List<?> list = Items.listOf(value);
            if (list == null) {
                return zipped;
            }
            lists.add(list);
            length = Math.min(length, list.size());
        }
        for (int i = 0; i < length; i++) {
            run.make((long) (lists.size() + 1) * Evaluator.ELEMENT);
            Items row = Items.array();
            for (List<?> list : lists) {
                row.add(list.get(i));
            }
            zipped.add(row);
        }
        return zipped;
    }

    private static @Nullable Object sort(CallArguments args, Evaluator run) {
        List<?> list = args.list(0);
        if (list == null) {
            return null;
        }
        MergeSort.After after = (a, b) -> Values.compare(a, b) > 0;
        if (args.at(1) != null) {
            Applicable function = args.callable(1);
            after = (a, b) -> Values.isTrue(call(function, run, a, b), run);
        }
        return Items.array().with(MergeSort.sort(list, after, run), run);
    }

    private static @Nullable Object map(CallArguments args, Evaluator run) {
        List<?> list = args.list(0);
        if (list == null) {
            return null;
        }
        Applicable function = args.callable(1);
        Items mapped = Items.sequence();
        for (int i = 0; i < list.size(); i++) {
            Object result = call(function, run, list.get(i), JsonNumber.of(i), list);
            if (result != null) {
                run.make(Evaluator.ELEMENT);
                mapped.add(result);
            }
        }
        return mapped;
    }

    private static Items matching(CallArguments args, Evaluator run) {
        List<?> list = args.list(0);
        Applicable function = args.at(1) == null ? null : args.callable(1);
        Items matching = Items.sequence();
        for (int i = 0; list != null && i < list.size(); i++) {
            run.make(Evaluator.ELEMENT);
            boolean matches =
                    function == null || Values.isTrue(call(function, run, list.get(i), JsonNumber.of(i), list), run);
            if (matches) {
                matching.add(list.get(i));
            }
        }
        return matching;
    }

    private static @Nullable Object single(CallArguments args, Evaluator run) {
        if (args.at(0) == null) {
            return null;
        }
        Items matching = matching(args, run);
        if (matching.size() != 1) {
            throw EvaluationError.of("$single found " + matching.size() + " elements instead of 1");
        }
        return matching.get(0);
    }

    private static @Nullable Object reduce(CallArguments args, Evaluator run) {
        List<?> list = args.list(0);
        if (list == null) {
            return null;
        }
        Applicable function = args.callable(1);
        if (function.arity() < 2) {
            throw EvaluationError.of(args.where(1) + " must take at least two arguments");
        }
        boolean given = args.at(2) != null;
        Object result = given ? args.at(2) : list.isEmpty() ? null : list.get(0);
        for (int i = given ? 0 : 1; i < list.size(); i++) {
            result = call(function, run, result, list.get(i), JsonNumber.of(i), list);
        }
        return result;
    }
}
