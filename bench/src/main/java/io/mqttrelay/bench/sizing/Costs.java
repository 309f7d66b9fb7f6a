package io.mqttrelay.bench.sizing;

/**
 * The measured cost of one message. Micros are of processor time.
 *
 * @param ingestMicros of ingest
 * @param storeMicros of Kafka, to store it from ingest, with one copy
 * @param readMicros of Kafka, to send it to dispatch and to store offset commits
 * @param dispatchMicros of dispatch, for each address
 * @param storedBytes on Kafka's disk, one copy
 * @param connectionPerSecond maximum rate of one MQTT connection
 */
public record Costs(
        double ingestMicros,
        double storeMicros,
        double readMicros,
        double dispatchMicros,
        double storedBytes,
        double connectionPerSecond) {}
