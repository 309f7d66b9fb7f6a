/**
 * Expressions of templates and conditions: JSONata, compiled once and evaluated for each message. The library reads the
 * text; the evaluation is the relay's own, because its limits and its numbers are exact (decision 104). Only this package
 * uses the library. {@link io.mqttrelay.dispatch.format} and {@link io.mqttrelay.dispatch.route} call it. Any thread.
 */
@NullMarked
package io.mqttrelay.dispatch.expression;

import org.jspecify.annotations.NullMarked;
