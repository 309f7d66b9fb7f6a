/** From what a message costs to what so many messages a second need: a model, and a simulation that it is held against. */
@NullMarked
package io.mqttrelay.bench.sizing;

import org.jspecify.annotations.NullMarked;
