package io.mqttrelay.dispatch.template;

import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.expression.Evaluation;
import io.mqttrelay.dispatch.expression.Expression;
import org.jspecify.annotations.Nullable;

/** The {@code when} of an address: tells whether a message is delivered there. Immutable; any thread. */
public final class Condition {
    private static final String NAME = "when";

    private final @Nullable Expression expression;
    private final String appName;

    private Condition(@Nullable Expression expression, String appName) {
        this.expression = expression;
        this.appName = appName;
    }

    /** The decision about one message. */
    public sealed interface Decision {
        /** The message is delivered. */
        record Deliver() implements Decision {}

        /** The message is not delivered to this address. */
        record Exclude() implements Decision {}

        /**
         * The condition cannot decide.
         *
         * @param why the error, and whether another attempt may help
         */
        record Undecided(Shaped.Unshaped why) implements Decision {}
    }

    private static final Decision DELIVER = new Decision.Deliver();
    private static final Decision EXCLUDE = new Decision.Exclude();

    /**
     * Compiles a condition.
     *
     * @param when null: every message is delivered
     * @throws io.mqttrelay.dispatch.expression.InvalidExpressionException if it is no expression
     */
    public static Condition of(@Nullable String when, String appName) {
        return new Condition(when == null ? null : Expression.compile(when), appName);
    }

    public Decision decide(RelayMessage message) {
        if (expression == null) {
            return DELIVER;
        }
        try {
            Evaluation.Value value = Evaluated.value(NAME, expression, new MessageInput(message, appName));
            if (value.value() instanceof Boolean delivers) {
                return delivers ? DELIVER : EXCLUDE;
            }
            String shown = value.text() == null ? "nothing" : shortened(value.text());
            return new Decision.Undecided(new Shaped.Unshaped(NAME + ": must be true or false, was " + shown, false));
        } catch (Evaluated.Failure e) {
            return new Decision.Undecided(e.unshaped());
        }
    }

    private static String shortened(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }
}
