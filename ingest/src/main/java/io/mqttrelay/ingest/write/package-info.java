/**
 * Writes messages to Kafka. {@link io.mqttrelay.ingest.write.Unacked} limits the memory,
 * {@link io.mqttrelay.ingest.write.RecordWriter} keeps the order, {@link io.mqttrelay.ingest.write.TopicKeeper}
 * creates the topics. Before it: IngestPath, which creates the records; after it: Kafka.
 *
 * <p>Threads: the writer, its queues of apps and its producer (LiveProducer) belong to {@code ingest-writer}, the keeper to
 * {@code ingest-topics}. Kafka's producer thread reports stored records.
 */
@NullMarked
package io.mqttrelay.ingest.write;

import org.jspecify.annotations.NullMarked;
