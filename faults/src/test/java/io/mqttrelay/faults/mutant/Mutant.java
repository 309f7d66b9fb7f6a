package io.mqttrelay.faults.mutant;

import java.util.List;

/** A way in which the program is broken on purpose. */
public enum Mutant {
    NONE,
    /** {@code ingest} tells the broker that it has a message before Kafka has it. */
    ACKNOWLEDGES_BEFORE_STORED,
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
    TAKES_WITHOUT_BOUND;

    /** For the JVM of the program. */
    public List<String> javaOptions() {
        return this == NONE ? List.of() : List.of("-javaagent:" + AgentJar.path() + "=" + name());
    }
}
