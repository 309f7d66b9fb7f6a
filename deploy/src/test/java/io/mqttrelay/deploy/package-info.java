/**
 * What a user gets, tried as a user does: the packaged launcher, each service a process of its own, a real Mosquitto, a
 * Kafka of its own, and callbacks that write down what they saw.
 */
@NullMarked
package io.mqttrelay.deploy;

import org.jspecify.annotations.NullMarked;
