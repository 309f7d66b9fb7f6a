/**
 * The half from MQTT to Kafka, a separate application. {@link io.mqttrelay.ingest.IngestPath} is the whole path of
 * one message; {@link io.mqttrelay.ingest.IngestService} wires the parts by hand.
 *
 * <p>Threads: {@code ingest-control} decides about connections, {@code ingest-mqtt-n} receive messages,
 * {@code ingest-writer} sends, Kafka's producer thread acknowledges, {@code ingest-topics} creates topics.
 */
@NullMarked
package io.mqttrelay.ingest;

import org.jspecify.annotations.NullMarked;
