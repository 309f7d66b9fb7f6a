/**
 * One request to one address. {@link io.mqttrelay.dispatch.deliver} calls a sink, which returns the result of one
 * attempt. Sinks for other protocols are separate modules behind {@link io.mqttrelay.dispatch.sink.Sink}.
 */
@NullMarked
package io.mqttrelay.dispatch.sink;

import org.jspecify.annotations.NullMarked;
