package io.mqttrelay.faults.mutant;

import java.util.List;
import java.util.Map;

/** A way in which the program is broken on purpose. */
public enum Mutant {
    NONE,
    /** {@code ingest} tells the broker that it has a message before Kafka has it. */
    ACKNOWLEDGES_BEFORE_STORED,
    /** What is written to Kafka counts as stored as soon as one broker has it. */
    STORES_ONE_COPY,
    /** {@code ingest} begins with a new MQTT session each time. */
    KEEPS_NO_SESSION,
    /** {@code ingest} does not see that the broker has lost the session. */
    OVERLOOKS_LOST_SESSIONS,
    /** {@code dispatch} does not say what Kafka's retention has deleted. */
    OVERLOOKS_RETENTION,
    /** {@code dispatch} begins at the end of a partition of which the group knows nothing. */
    BEGINS_AT_THE_END,
    /** A thread that logs waits until its line is printed. */
    WAITS_FOR_THE_CONSOLE,
    /** {@code dispatch} takes a delivery for done as soon as it has read its record. */
    COMMITS_WHAT_IS_READ,
    /** {@code dispatch} starts with the committed offset and does not look at what finished beyond it. */
    FORGETS_WHAT_IS_DONE,
    /** {@code dispatch} lets any message overtake any other. */
    IGNORES_ORDER,
    /** {@code dispatch} takes a dead letter for stored before Kafka has it. */
    DEAD_LETTERS_UNSTORED,
    /** {@code dispatch} goes where an answer sends it. */
    FOLLOWS_REDIRECTS,
    /** {@code dispatch} never tries a second time. */
    NEVER_RETRIES,
    /** {@code ingest} takes whatever comes, however much waits for Kafka. */
    TAKES_WITHOUT_BOUND,
    /** Not broken yet: {@link #OWNERS} meet an error, or stand still for ten seconds, when a row wants it. */
    FAILS_WHEN_TOLD;

    /** Types that a thread of the program belongs to, and the method that it is in again and again. */
    static final Map<String, String> OWNERS = Map.of(
            "io.mqttrelay.ingest.write.RecordWriter", "step",
            "io.mqttrelay.ingest.Valve", "look",
            "io.mqttrelay.dispatch.consume.ConsumerLoop", "step",
            "io.mqttrelay.dispatch.Carrier", "turn");

    /** With {@link #FAILS_WHEN_TOLD}: the folder where a file with the name of an owner's type makes it fail. */
    public static final String TOLD_IN = "relay.faults.told";

    /** For the JVM of the program. */
    public List<String> javaOptions() {
        return this == NONE ? List.of() : List.of("-javaagent:" + AgentJar.path() + "=" + name());
    }
}
