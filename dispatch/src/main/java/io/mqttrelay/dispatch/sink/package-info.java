/**
 * One request to one address. {@link io.mqttrelay.dispatch.deliver} asks, a sink answers what one attempt saw. Sinks for
 * other protocols are modules of their own behind {@link io.mqttrelay.dispatch.sink.Sink}.
 */
@NullMarked
package io.mqttrelay.dispatch.sink;

import org.jspecify.annotations.NullMarked;
