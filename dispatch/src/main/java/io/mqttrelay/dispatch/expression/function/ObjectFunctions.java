package io.mqttrelay.dispatch.expression.function;

import io.mqttrelay.dispatch.expression.value.EvaluationError;
import io.mqttrelay.dispatch.expression.value.Evaluator;
import io.mqttrelay.dispatch.expression.value.Items;
import io.mqttrelay.dispatch.expression.value.Values;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Functions of objects, and of values of any type. */
final class ObjectFunctions {
    private ObjectFunctions() {}

    static void addTo(Functions functions) {
        functions
                .ofContext("keys", 1, 1, ObjectFunctions::keys)
                .ofContext("lookup", 2, 2, (args, run) -> Values.lookup(args.at(0), args.needText(1), run))
                .ofContext("spread", 1, 1, ObjectFunctions::spread)
                .add("merge", 1, 1, ObjectFunctions::merge)
                .ofContext("each", 2, 2, ObjectFunctions::each)
                .ofContext("sift", 2, 2, ObjectFunctions::sift)
                .ofContext("clone", 1, 1, (args, run) -> {
                    Object value = args.at(0);
                    return value == null ? null : Values.copy(value, run);
                })
                .add("exists", 1, 1, (args, run) -> args.at(0) != null)
                .add("type", 1, 1, (args, run) -> args.at(0) == null ? null : Values.typeOf(args.at(0)))
                .ofContext("boolean", 1, 1, (args, run) -> args.at(0) == null ? null : Values.isTrue(args.at(0), run))
                .ofContext("not", 1, 1, (args, run) -> args.at(0) == null ? null : !Values.isTrue(args.at(0), run))
                .add("error", 0, 1, (args, run) -> {
                    throw said(args.text(0), "$error was called");
                })
                .add("assert", 1, 2, (args, run) -> {
                    if (!Boolean.TRUE.equals(args.at(0))) {
                        throw said(args.text(1), "$assert failed");
                    }
                    return null;
                });
    }

    private static EvaluationError said(@Nullable String message, String otherwise) {
        return EvaluationError.of(message == null ? otherwise : message);
    }

    private static Object keys(CallArguments args, Evaluator run) {
        Set<String> keys = new LinkedHashSet<>();
        collect(args.at(0), keys, run);
        return Items.sequence().with(List.copyOf(keys), run);
    }

    private static void collect(@Nullable Object value, Set<String> keys, Evaluator run) {
        run.tick();
        if (value instanceof Map<?, ?> map) {
            run.make(map.size());
            map.keySet().forEach(key -> keys.add((String) key));
        } else if (value instanceof List<?> list) {
            list.forEach(each -> collect(each, keys, run));
        }
    }

    private static @Nullable Object spread(CallArguments args, Evaluator run) {
        Object value = args.at(0);
        if (value instanceof List<?> || value instanceof Map<?, ?>) {
            Items spread = Items.sequence();
            spread(value, spread, run);
            return spread;
        }
        return value;
    }

    private static void spread(Object value, Items spread, Evaluator run) {
        run.make(Evaluator.ELEMENT);
        if (value instanceof List<?> list) {
            list.forEach(each -> spread(each, spread, run));
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, each) -> {
                run.make(2L * Evaluator.ELEMENT);
                Map<String, Object> one = new LinkedHashMap<>();
                one.put((String) key, each);
                spread.add(one);
            });
        } else {
            spread.add(value);
        }
    }

    private static @Nullable Object merge(CallArguments args, Evaluator run) {
        List<?> list = args.list(0);
        if (list == null) {
            return null;
        }
        Map<String, Object> merged = new LinkedHashMap<>();
        for (Object each : list) {
            Map<?, ?> map = Values.object(each, "each element of " + args.where(0));
            run.make((long) map.size() * Evaluator.ELEMENT);
            map.forEach((key, value) -> merged.put((String) key, value));
        }
        return merged;
    }

    private static @Nullable Object each(CallArguments args, Evaluator run) {
        Map<?, ?> map = args.object(0);
        if (map == null) {
            return null;
        }
        Applicable function = args.callable(1);
        Items results = Items.sequence();
        map.forEach((key, value) -> {
            Object result = ListFunctions.call(function, run, value, key, map);
            if (result != null) {
                run.make(Evaluator.ELEMENT);
                results.add(result);
            }
        });
        return results;
    }

    private static @Nullable Object sift(CallArguments args, Evaluator run) {
        Map<?, ?> map = args.object(0);
        if (map == null) {
            return null;
        }
        Applicable function = args.callable(1);
        Map<String, Object> sifted = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            if (Values.isTrue(ListFunctions.call(function, run, value, key, map), run)) {
                run.make(Evaluator.ELEMENT);
                sifted.put((String) key, value);
            }
        });
        return sifted.isEmpty() ? null : sifted;
    }
}
