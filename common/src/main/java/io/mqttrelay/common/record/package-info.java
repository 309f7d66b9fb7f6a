/**
 * The record that ingest passes to dispatch, and its form in Kafka. {@link io.mqttrelay.common.record.RecordCodec} is
 * the entry point; HeaderNames is the only file with header names. No threads; everything is immutable.
 */
@NullMarked
package io.mqttrelay.common.record;

import org.jspecify.annotations.NullMarked;
