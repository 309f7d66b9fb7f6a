/**
 * The seam between deliveries and targets. {@link io.mqttrelay.dispatch.deliver} calls a sink for one attempt and gets its
 * result, in the terms of no protocol. {@link io.mqttrelay.dispatch.sink.SinkProviders} finds the kinds of targets by the
 * schemes of addresses; HTTP is built in, others are modules of their own.
 */
@NullMarked
package io.mqttrelay.dispatch.sink;

import org.jspecify.annotations.NullMarked;
