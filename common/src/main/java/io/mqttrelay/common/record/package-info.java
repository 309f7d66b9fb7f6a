/**
 * The record that travels from ingest to dispatch, and its form in Kafka. {@link io.mqttrelay.common.record.RecordCodec} is
 * the way in; HeaderNames is the only file that knows a header's name. No threads; everything is immutable.
 */
@NullMarked
package io.mqttrelay.common.record;

import org.jspecify.annotations.NullMarked;
