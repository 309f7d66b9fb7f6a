package io.mqttrelay.dispatch.expression.function;

import io.mqttrelay.dispatch.expression.value.EvaluationError;
import io.mqttrelay.dispatch.expression.value.Items;
import io.mqttrelay.dispatch.expression.value.JsonNumber;
import io.mqttrelay.dispatch.expression.value.Numbers;
import io.mqttrelay.dispatch.expression.value.Values;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The arguments of one call of a function, by their index from 0. Null: nothing was given. */
record CallArguments(String function, List<@Nullable Object> values) {
    @Nullable
    Object at(int index) {
        return index < values.size() ? values.get(index) : null;
    }

    String where(int index) {
        return "argument " + (index + 1) + " of $" + function;
    }

    @Nullable
    String text(int index) {
        Object value = at(index);
        return value == null ? null : Values.text(value, where(index));
    }

    /** A text that must be there. */
    String needText(int index) {
        String text = text(index);
        if (text == null) {
            throw EvaluationError.of(where(index) + " is missing");
        }
        return text;
    }

    @Nullable
    JsonNumber number(int index) {
        Object value = at(index);
        return value == null ? null : Numbers.number(value, where(index));
    }

    /** A place or a length. */
    int integer(int index, int otherwise) {
        Object value = at(index);
        return value == null ? otherwise : Numbers.integer(value, where(index));
    }

    /** A list, or a single value as a list. */
    @Nullable
    List<?> list(int index) {
        return Items.listOf(at(index));
    }

    @Nullable
    Map<?, ?> object(int index) {
        Object value = at(index);
        return value == null ? null : Values.object(value, where(index));
    }

    Applicable callable(int index) {
        return FunctionCalls.function(at(index), where(index));
    }
}
