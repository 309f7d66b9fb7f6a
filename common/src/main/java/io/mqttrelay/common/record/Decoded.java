package io.mqttrelay.common.record;

import org.jspecify.annotations.Nullable;

/** The result of decoding a Kafka record. */
public sealed interface Decoded {
    /** One method for each case, so that a forgotten case does not compile. */
    interface Cases<R> {
        R message(Message message);

        R undecodable(Undecodable undecodable);
    }

    <R> R match(Cases<R> cases);

    /**
     * A message that ingest wrote.
     *
     * @param message in a replay without its expiry: the operator wants it at any age
     * @param replay the only address that gets it; null: every address of its route gets it
     */
    record Message(RelayMessage message, @Nullable Replay replay) implements Decoded {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.message(this);
        }
    }

    /**
     * A record that ingest did not write.
     *
     * @param problem one line, naming the header
     */
    record Undecodable(String problem) implements Decoded {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.undecodable(this);
        }
    }
}
