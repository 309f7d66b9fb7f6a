package io.mqttrelay.bench.sizing;

/**
 * What one message costs, as measured. Micros are those of a processor.
 *
 * @param ingestMicros of ingest
 * @param storeMicros of Kafka, to take it from ingest, with one copy
 * @param readMicros of Kafka, to hand it to dispatch and to store positions
 * @param dispatchMicros of dispatch, for each address
 * @param storedBytes on Kafka's disk, one copy
 * @param connectionPerSecond the most that one MQTT connection brought
 */
public record Costs(
        double ingestMicros,
        double storeMicros,
        double readMicros,
        double dispatchMicros,
        double storedBytes,
        double connectionPerSecond) {}
