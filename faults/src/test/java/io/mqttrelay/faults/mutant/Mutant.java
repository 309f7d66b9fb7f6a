package io.mqttrelay.faults.mutant;

import java.util.List;
import java.util.Map;

/** A way in which the program is broken on purpose. */
public enum Mutant {
    NONE,
    /** {@code ingest} acknowledges a message to the broker before Kafka has it. */
    ACKNOWLEDGES_BEFORE_STORED,
    /** A record counts as stored as soon as one Kafka broker has it. */
    STORES_ONE_COPY,
    /** {@code ingest} begins with a new MQTT session each time. */
    KEEPS_NO_SESSION,
    /** {@code ingest} does not see that the broker has lost the session. */
    OVERLOOKS_LOST_SESSIONS,
    /** {@code dispatch} does not report the records that Kafka's retention has deleted. */
    OVERLOOKS_RETENTION,
    /** {@code dispatch} begins at the end of a partition without a committed offset. */
    BEGINS_AT_THE_END,
    /** A thread that logs waits until its line is printed. */
    WAITS_FOR_THE_CONSOLE,
    /** {@code dispatch} counts a delivery as complete as soon as it has read its record. */
    COMMITS_WHAT_IS_READ,
    /** {@code dispatch} starts at the committed offset and ignores the deliveries that were complete beyond it. */
    FORGETS_WHAT_IS_DONE,
    /** {@code dispatch} lets any message overtake any other. */
    IGNORES_ORDER,
    /** {@code dispatch} counts a dead letter as stored before Kafka has it. */
    DEAD_LETTERS_UNSTORED,
    /** {@code dispatch} follows redirects. */
    FOLLOWS_REDIRECTS,
    /** {@code dispatch} never tries a second time. */
    NEVER_RETRIES,
    /** {@code ingest} takes all messages, however many wait for Kafka. */
    TAKES_WITHOUT_BOUND,
    /** Not broken yet: {@link #OWNERS} meet an error, or stand still for ten seconds, when a row asks for it. */
    FAILS_WHEN_TOLD;

    /** Types that own a thread of the program, and the method that the thread runs again and again. */
    public static final Map<String, String> OWNERS = Map.of(
            "io.mqttrelay.ingest.write.RecordWriter", "step",
            "io.mqttrelay.ingest.mqtt.MqttSource", "look",
            "io.mqttrelay.dispatch.consume.ConsumerLoop", "step",
            "io.mqttrelay.dispatch.deliver.DeliveryWorker", "turn",
            "io.mqttrelay.dispatch.limit.ConcurrencyLimiter", "step",
            "io.mqttrelay.dispatch.sink.http.net.ConnectionPools", "look",
            "io.mqttrelay.dispatch.settle.AppDeadLetters", "write");

    /** With {@link #FAILS_WHEN_TOLD}: the folder where a file with the name of an owner's type makes it fail. */
    public static final String TOLD_IN = "relay.faults.told";

    /** For the JVM of the program. */
    public List<String> javaOptions() {
        return this == NONE ? List.of() : List.of("-javaagent:" + AgentJar.path() + "=" + name());
    }
}
