package io.mqttrelay.dispatch.expression;

import io.mqttrelay.dispatch.expression.value.JsonNull;
import io.mqttrelay.dispatch.expression.value.JsonNumber;
import io.mqttrelay.dispatch.expression.value.JsonText;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The result of one evaluation. */
public sealed interface Evaluation {
    /** Takes one case each: a forgotten one does not compile. */
    interface Cases<R> {
        R value(Value value);

        R failed(Failed failed);

        R timedOut(TimedOut timedOut);
    }

    <R> R match(Cases<R> cases);

    /**
     * The expression has a value.
     *
     * @param value a Boolean, a String, a list or an object of the package's own types; null: the expression yields
     *     nothing
     * @param text a string as it is, any other value as JSON with its numbers unchanged; null: the expression yields
     *     nothing
     */
    record Value(@Nullable Object value, @Nullable String text) implements Evaluation {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.value(this);
        }

        /** Whether the value is a string. */
        public boolean isText() {
            return value instanceof String;
        }

        /** Whether the expression yields nothing or null. */
        public boolean isNothing() {
            return value == null || value == JsonNull.NULL;
        }

        /** The texts of a list's elements; null: the value is no list. */
        public @Nullable List<String> texts() {
            return value instanceof List<?> list
                    ? list.stream()
                            .map(each -> each instanceof String text ? text : JsonText.of(each))
                            .toList()
                    : null;
        }

        /** The value as a String, BigDecimal or Boolean; lists and objects as JSON; null: nothing or null. */
        public @Nullable Object scalar() {
            if (isNothing()) {
                return null;
            }
            if (value instanceof JsonNumber number) {
                return new BigDecimal(number.text());
            }
            return value instanceof Boolean ? value : text;
        }
    }

    /**
     * The expression failed on this input, and always will: an error, or a limit that does not depend on the machine.
     *
     * @param error one line for people, with the position
     * @param position the character of the expression, from 1; 0: not known
     */
    record Failed(String error, int position) implements Evaluation {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.failed(this);
        }
    }

    /**
     * The evaluation took longer than a thread may spend on it: the machine may be the cause.
     *
     * @param error one line for people
     */
    record TimedOut(String error) implements Evaluation {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.timedOut(this);
        }
    }
}
