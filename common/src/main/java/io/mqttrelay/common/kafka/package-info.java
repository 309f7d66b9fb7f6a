/**
 * Creates Kafka clients with the settings that durability needs; these override the operator's settings. Every other
 * package gets its producer, consumer or admin client from here and owns it from then on. Starts no threads.
 */
@NullMarked
package io.mqttrelay.common.kafka;

import org.jspecify.annotations.NullMarked;
