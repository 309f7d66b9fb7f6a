package io.mqttrelay.dispatch.deliver;

import java.time.Duration;

/** What follows from one attempt. */
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

    /** That was it. */
    record Ended(Outcome outcome) implements Verdict {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.ended(this);
        }
    }

    /**
     * To be tried again.
     *
     * @param delay before the next attempt of this message
     */
    record Again(Duration delay) implements Verdict {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.again(this);
        }
    }

    /** The call was ended from here, and the address has not said that it has the message: nothing is decided. */
    record Withdrawn() implements Verdict {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.withdrawn(this);
        }
    }

    /** Nothing was sent: the address has just been found not to work. */
    record NotNow() implements Verdict {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.notNow(this);
        }
    }

    /** The batch as a whole was refused: each of its messages is to be sent by itself, as if it had not been sent. */
    record Apart() implements Verdict {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.apart(this);
        }
    }
}
