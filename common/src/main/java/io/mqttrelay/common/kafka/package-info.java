/**
 * Kafka clients with the settings that durability needs: what an operator adds is merged under them. Every other
 * package gets its producer, consumer or admin from here and owns it from then on. No threads of its own.
 */
@NullMarked
package io.mqttrelay.common.kafka;

import org.jspecify.annotations.NullMarked;
