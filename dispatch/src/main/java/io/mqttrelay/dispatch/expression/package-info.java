/**
 * Expressions of templates and conditions: JSONata, compiled once and evaluated for each message. The library reads the
 * text; the evaluation is the relay's own, because its limits and its numbers are exact (decision 104). Only this package
 * and {@code dispatch.expression.function} use the library. {@link io.mqttrelay.dispatch.template} calls it. Any thread.
 */
@NullMarked
package io.mqttrelay.dispatch.expression;

import org.jspecify.annotations.NullMarked;
