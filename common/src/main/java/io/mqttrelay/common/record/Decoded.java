package io.mqttrelay.common.record;

import org.jspecify.annotations.Nullable;

/** What a Kafka record turned out to be. */
public sealed interface Decoded {
    /** Takes one case each: a forgotten one does not compile. */
    interface Cases<R> {
        R message(Message message);

        R undecodable(Undecodable undecodable);
    }

    <R> R match(Cases<R> cases);

    /**
     * A message that ingest wrote.
     *
     * @param message of a replay, without its expiry: who asks for it again wants it, however old it is
     * @param replay where it goes, and only there; null: to every address of its route
     */
    record Message(RelayMessage message, @Nullable Replay replay) implements Decoded {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.message(this);
        }
    }

    /**
     * Not a record that ingest writes.
     *
     * @param problem what is wrong with it, one line, naming the header
     */
    record Undecodable(String problem) implements Decoded {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.undecodable(this);
        }
    }
}
