/**
 * The half from MQTT to Kafka, an application of its own. {@link io.mqttrelay.ingest.IngestPath} is the whole path of one
 * message; {@link io.mqttrelay.ingest.IngestService} wires the parts by hand.
 *
 * <p>Threads: {@code ingest-control} decides about connections, {@code ingest-mqtt-n} bring messages, {@code ingest-writer}
 * sends, Kafka's producer thread acknowledges, {@code ingest-topics} sees to topics.
 */
@NullMarked
package io.mqttrelay.ingest;

import org.jspecify.annotations.NullMarked;
