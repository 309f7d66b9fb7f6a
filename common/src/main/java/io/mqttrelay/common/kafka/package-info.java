/** Kafka clients with the settings that durability needs. */
@NullMarked
package io.mqttrelay.common.kafka;

import org.jspecify.annotations.NullMarked;
