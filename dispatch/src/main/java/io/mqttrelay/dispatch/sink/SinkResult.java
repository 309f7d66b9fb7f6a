package io.mqttrelay.dispatch.sink;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The result of one attempt, in the terms of no protocol: the target has accepted the message, has refused it, or the
 * attempt failed and another one may help.
 */
public sealed interface SinkResult {
    /** The possible cause of a failure that another attempt may cure. */
    enum Cause {
        /** The address: there was no answer, or the answer tells that the address does not work at present. */
        ADDRESS,
        /** The address works and asks for fewer calls. */
        OVERLOAD,
        /** The login of the address, such as a token server that gives no token: nothing was sent, and no message helps. */
        LOGIN,
        /** The message or the address: the answer does not tell. */
        EITHER
    }

    /** Takes one case each: a forgotten one does not compile. */
    interface Cases<R> {
        R accepted(Accepted accepted);

        R refused(Refused refused);

        R unavailable(Unavailable unavailable);

        R unshaped(Unshaped unshaped);
    }

    <R> R match(Cases<R> cases);

    /** The answer as people see it; null: there was none. */
    @Nullable
    Answer answer();

    /**
     * The address has accepted the message.
     *
     * @param answer as people see it
     */
    record Accepted(Answer answer) implements SinkResult {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.accepted(this);
        }
    }

    /**
     * The answer refuses the message: the message is the cause, and sending it again cannot help.
     *
     * @param answer as people see it
     * @param error one line for people, no secrets
     */
    record Refused(Answer answer, String error) implements SinkResult {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.refused(this);
        }
    }

    /**
     * The attempt failed, and sending the message again may help.
     *
     * @param cause the possible cause of the failure
     * @param answer as people see it; null: there was none
     * @param error one line for people, no secrets
     * @param retryAfter the wait that the address asks for, already bounded; null: it asks for none, or the message may
     *     be the cause
     */
    record Unavailable(
            Cause cause,
            @Nullable Answer answer,
            String error,
            @Nullable Duration retryAfter) implements SinkResult {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.unavailable(this);
        }
    }

    /**
     * The message could not be given the form that the address needs, and nothing was sent: the message or the address's
     * template is the cause, not the address itself.
     *
     * @param error one line for people, no secrets
     * @param again whether another attempt may help, because only the time was too short
     */
    record Unshaped(String error, boolean again) implements SinkResult {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.unshaped(this);
        }

        @Override
        public @Nullable Answer answer() {
            return null;
        }
    }
}
