package io.mqttrelay.common.record;

/** What a Kafka record turned out to be. */
public sealed interface Decoded {
    /** A message that ingest wrote. */
    record Message(RelayMessage message) implements Decoded {}

    /**
     * Not a record that ingest writes.
     *
     * @param problem what is wrong with it, one line, naming the header
     */
    record Undecodable(String problem) implements Decoded {}
}
