/** Kafka topic names and their creation; MQTT topic filters and what matches them. Immutable. */
@NullMarked
package io.mqttrelay.common.topic;

import org.jspecify.annotations.NullMarked;
