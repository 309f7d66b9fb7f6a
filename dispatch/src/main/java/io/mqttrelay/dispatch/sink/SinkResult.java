package io.mqttrelay.dispatch.sink;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What one attempt saw. */
public sealed interface SinkResult {
    /** Takes one case each: a forgotten one does not compile. */
    interface Cases<R> {
        R accepted(Accepted accepted);

        R refused(Refused refused);

        R unavailable(Unavailable unavailable);
    }

    <R> R match(Cases<R> cases);

    /**
     * The address has the message.
     *
     * @param status the answer's status
     */
    record Accepted(int status) implements SinkResult {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.accepted(this);
        }
    }

    /**
     * The answer speaks of the message: sending it again cannot help.
     *
     * @param error one line for people, no secrets
     */
    record Refused(int status, String error) implements SinkResult {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.refused(this);
        }
    }

    /**
     * It speaks of the address, or there was no answer: sending the message again may help.
     *
     * @param status null: there was no answer
     * @param error one line for people, no secrets
     * @param retryAfter how long the address asks to be left alone, already bounded; null: it did not say
     */
    record Unavailable(
            @Nullable Integer status,
            String error,
            @Nullable Duration retryAfter) implements SinkResult {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.unavailable(this);
        }
    }
}
