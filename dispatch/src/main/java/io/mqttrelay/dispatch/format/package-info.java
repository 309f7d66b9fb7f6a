/**
 * Formats of deliveries: makes the body and the headers of a request from its messages, in the same way for every sink.
 * The sinks of {@link io.mqttrelay.dispatch.sink} call it for each attempt. Knows no protocol's library; any thread.
 */
@NullMarked
package io.mqttrelay.dispatch.format;

import org.jspecify.annotations.NullMarked;
