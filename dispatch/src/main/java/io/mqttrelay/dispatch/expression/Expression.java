package io.mqttrelay.dispatch.expression;

import io.mqttrelay.dispatch.expression.function.Applicable;
import io.mqttrelay.dispatch.expression.function.Functions;
import io.mqttrelay.dispatch.expression.value.EvaluationError;
import io.mqttrelay.dispatch.expression.value.Evaluator;
import io.mqttrelay.dispatch.expression.value.JsonText;
import io.mqttrelay.dispatch.expression.value.Node;
import io.mqttrelay.dispatch.expression.value.Scope;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A compiled expression of JSONata. Immutable; evaluated by any number of threads at once. */
public final class Expression {
    private static final Functions FUNCTIONS = new Functions();

    /** Never bound again, so any thread may read it. */
    private static final Scope OUTERMOST = FUNCTIONS.scope();

    private final Node node;
    private final LongSupplier nanoTime;

    private Expression(Node node, LongSupplier nanoTime) {
        this.node = node;
        this.nanoTime = nanoTime;
    }

    /**
     * Compiles an expression.
     *
     * @throws InvalidExpressionException if it cannot be read, or names a function that does not exist or is not allowed
     */
    public static Expression compile(String text) {
        return compile(text, System::nanoTime);
    }

    /** @param nanoTime a monotonic clock, nanoseconds */
    static Expression compile(String text, LongSupplier nanoTime) {
        try {
            return new Expression(new Compiler(text, FUNCTIONS).compile(), nanoTime);
        } catch (StackOverflowError e) {
            throw new InvalidExpressionException("nested too deep", 0);
        }
    }

    /**
     * Evaluates the expression on the calling thread.
     *
     * @param input the context value: of {@link JsonInput}, strings, booleans, lists and maps of these
     */
    public Evaluation evaluate(Map<String, Object> input) {
        Evaluator run = new Evaluator(input, nanoTime);
        try {
            Object value = run.eval(node, input, new Scope(OUTERMOST));
            return new Evaluation.Value(value, text(value));
        } catch (EvaluationError e) {
            return e.isTimeout() ? new Evaluation.TimedOut(e.error()) : failed(e.error(), run);
        } catch (StackOverflowError e) {
            return failed("the values are nested too deep", run);
        }
    }

    private static Evaluation failed(String error, Evaluator run) {
        return new Evaluation.Failed(error + Positions.at(run.position()), run.position());
    }

    private static @Nullable String text(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof Applicable) {
            throw EvaluationError.of("the result is a function");
        }
        String text = value instanceof String is ? is : JsonText.of(value);
        int least = text.length();
        if (least > Evaluator.MAX_RESULT
                || (least > Evaluator.MAX_RESULT / 3
                        && text.getBytes(StandardCharsets.UTF_8).length > Evaluator.MAX_RESULT)) {
            throw EvaluationError.of("the result is larger than 1 MB");
        }
        return text;
    }
}
