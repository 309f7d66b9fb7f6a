package io.mqttrelay.ingest.write;

import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * One message on its way into Kafka. It ends with exactly one of {@link #stored}, {@link #released} and
 * {@link #dropped}.
 */
public interface Write {
    /** The app whose topics get the message: one of the writer's apps. */
    String appId();

    /** Approximate memory of {@link #record} while Kafka's client has it. On {@code ingest-writer}. */
    long bytes();

    /** The key of {@link #record} unless that is a dead letter: messages with the same key keep their order. */
    byte[] key();

    /** Whether {@link #record} is a dead letter, which keeps no order and blocks no message. */
    boolean isDeadLetter();

    /**
     * The record for Kafka. Called for each send, and sometimes once more. On {@code ingest-writer} or the thread of
     * Kafka's client.
     */
    ProducerRecord<byte[], byte[]> record();

    /**
     * Replaces {@link #record} by a smaller one, because it is too large for Kafka.
     *
     * @param why one line, the message of Kafka or its client
     * @return false: there is no smaller one
     */
    boolean shrink(String why);

    /** Whether the MQTT broker will deliver the message again over another connection, so that it need not be sent. */
    boolean comesAgain();

    /** Whether the MQTT broker would deliver the message again if it were never acknowledged. */
    boolean mayBeReleased();

    /** Kafka has stored the message. On the thread of Kafka's client; must neither block nor throw. */
    void stored();

    /** The message was not sent and will not be. On {@code ingest-writer}. */
    void released();

    /** Not even a dead letter can be stored; {@code why} is one line. On {@code ingest-writer}. */
    void dropped(String why);
}
