/**
 * A sizing model that computes the resources for a message rate from the cost of one message, and a simulation to
 * check the model.
 */
@NullMarked
package io.mqttrelay.bench.sizing;

import org.jspecify.annotations.NullMarked;
