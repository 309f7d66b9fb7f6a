/**
 * Messages into Kafka: who may still be taken ({@link io.mqttrelay.ingest.write.Unacked}), in what order they go
 * ({@link io.mqttrelay.ingest.write.RecordWriter}), and whether their topics are there
 * ({@link io.mqttrelay.ingest.write.TopicKeeper}). Before it: IngestPath, which makes the records; after it: Kafka.
 *
 * <p>Threads: the writer, its lanes and its producer (LiveProducer) belong to {@code ingest-writer}, the keeper to {@code ingest-topics}; that a write
 * is stored is said on the Kafka producer's own thread.
 */
@NullMarked
package io.mqttrelay.ingest.write;

import org.jspecify.annotations.NullMarked;
