package io.mqttrelay.common.record;

/** What a Kafka record turned out to be. */
public sealed interface Decoded {
    /** Takes one case each: a forgotten one does not compile. */
    interface Cases<R> {
        R message(Message message);

        R undecodable(Undecodable undecodable);
    }

    <R> R match(Cases<R> cases);

    /** A message that ingest wrote. */
    record Message(RelayMessage message) implements Decoded {
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
