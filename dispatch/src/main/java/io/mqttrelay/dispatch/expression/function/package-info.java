/**
 * The functions that an expression may call by name, and functions as values. Each counts its work in the evaluation that
 * calls it. Only {@link io.mqttrelay.dispatch.expression} uses it. Any thread.
 */
@NullMarked
package io.mqttrelay.dispatch.expression.function;

import org.jspecify.annotations.NullMarked;
