/**
 * The values of expressions, and the limited evaluation that makes them. Numbers keep their text and are computed exactly.
 * {@link io.mqttrelay.dispatch.expression} and its functions use it. One thread for each evaluation.
 */
@NullMarked
package io.mqttrelay.dispatch.expression.value;

import org.jspecify.annotations.NullMarked;
