package io.mqttrelay.dispatch.settle;

import io.mqttrelay.common.record.DeadReason;
import org.jspecify.annotations.Nullable;

/** The final result of one delivery. */
public sealed interface Outcome {
    /** Takes one case each: a forgotten one does not compile. */
    interface Cases<R> {
        R delivered(Delivered delivered);

        R excluded(Excluded excluded);

        R dead(Dead dead);
    }

    <R> R match(Cases<R> cases);

    /** The address has accepted the message. */
    record Delivered() implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.delivered(this);
        }
    }

    /** The condition of the address excludes the message. */
    record Excluded() implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.excluded(this);
        }
    }

    /**
     * The message goes to dead letters.
     *
     * @param attempts made so far, whether they count or not
     * @param status of the last answer; null: there was none
     * @param error one line for people, no secrets
     */
    record Dead(DeadReason reason, int attempts, @Nullable Integer status, String error) implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.dead(this);
        }
    }
}
