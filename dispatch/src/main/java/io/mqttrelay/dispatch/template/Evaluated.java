package io.mqttrelay.dispatch.template;

import io.mqttrelay.dispatch.expression.Evaluation;
import io.mqttrelay.dispatch.expression.Expression;

/** Evaluates the named expressions of one message; the first that fails ends the work. */
final class Evaluated {
    /** The failure of an expression; never leaves the package. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Shaped.Unshaped unshaped;

        Failure(String error, boolean again) {
            super(error, null, false, false);
            this.unshaped = new Shaped.Unshaped(error, again);
        }

        Shaped.Unshaped unshaped() {
            return unshaped;
        }
    }

    private Evaluated() {}

    /**
     * Evaluates one expression.
     *
     * @param name of the key of the configuration, for errors
     * @throws Failure if it has no value
     */
    static Evaluation.Value value(String name, Expression expression, MessageInput input) {
        Evaluation evaluation;
        try {
            evaluation = expression.evaluate(input);
        } catch (PayloadTooLargeException e) {
            throw new Failure(name + ": " + e.getMessage(), false);
        }
        return evaluation.match(new Evaluation.Cases<Evaluation.Value>() {
            @Override
            public Evaluation.Value value(Evaluation.Value value) {
                return value;
            }

            @Override
            public Evaluation.Value failed(Evaluation.Failed failed) {
                throw new Failure(name + ": " + failed.error(), false);
            }

            @Override
            public Evaluation.Value timedOut(Evaluation.TimedOut timedOut) {
                throw new Failure(name + ": " + timedOut.error(), true);
            }
        });
    }
}
