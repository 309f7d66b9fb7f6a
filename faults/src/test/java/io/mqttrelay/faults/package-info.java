/**
 * The packaged program, as processes, on a Kafka of three brokers and a real MQTT broker, under faults. Each row of
 * {@code docs/reliability.md} is a test here; each fails if the program is broken on purpose ({@code mutant}).
 */
@NullMarked
package io.mqttrelay.faults;

import org.jspecify.annotations.NullMarked;
