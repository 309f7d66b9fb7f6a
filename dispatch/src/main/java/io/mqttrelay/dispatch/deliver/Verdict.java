package io.mqttrelay.dispatch.deliver;

import io.mqttrelay.dispatch.settle.Outcome;
import java.time.Duration;

/** The consequence of one attempt. */
public sealed interface Verdict {
    /** Takes one case each: a forgotten one does not compile. */
    interface Cases<R> {
        R ended(Ended ended);

        R again(Again again);

        R withdrawn(Withdrawn withdrawn);

        R notNow(NotNow notNow);

        R apart(Apart apart);
    }

    <R> R match(Cases<R> cases);

    /** The delivery has ended. */
    record Ended(Outcome outcome) implements Verdict {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.ended(this);
        }
    }

    /**
     * The message is to be tried again.
     *
     * @param delay before the next attempt of this message
     */
    record Again(Duration delay) implements Verdict {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.again(this);
        }
    }

    /** This dispatcher cancelled the call, and the address has not accepted the message: nothing is decided. */
    record Withdrawn() implements Verdict {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.withdrawn(this);
        }
    }

    /** Nothing was sent: the circuit breaker is open, or half open with a probe in flight. */
    record NotNow() implements Verdict {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.notNow(this);
        }
    }

    /** The batch as a whole was refused: each of its messages is to be sent alone, as if it had not been sent. */
    record Apart() implements Verdict {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.apart(this);
        }
    }
}
