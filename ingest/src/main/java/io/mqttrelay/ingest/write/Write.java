package io.mqttrelay.ingest.write;

import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * One message on its way into Kafka. Ends with exactly one of {@link #stored}, {@link #released} and {@link #dropped}.
 */
public interface Write {
    /** Whose topics it goes to: one of the apps that the writer was made for. */
    String appId();

    /** What it takes up in memory while Kafka's client has it, about. */
    long bytes();

    /** What Kafka is to store: asked once for each time it is sent. */
    ProducerRecord<byte[], byte[]> record();

    /**
     * Kafka cannot hold {@link #record}: from now on that is a smaller one.
     *
     * @param why one line, what Kafka or its client said
     * @return false: there is nothing smaller
     */
    boolean shrink(String why);

    /** Whether the MQTT broker will deliver the message again over another connection: not worth sending any more. */
    boolean comesAgain();

    /** Whether the MQTT broker would deliver the message again if it were never acknowledged. */
    boolean mayBeReleased();

    /** Kafka has it. On the producer's thread or {@code ingest-writer}; must neither block nor throw. */
    void stored();

    /** Was not given to Kafka, and will not be. On {@code ingest-writer}. */
    void released();

    /** Nothing of it can be stored; {@code why} is one line. On {@code ingest-writer}. */
    void dropped(String why);
}
