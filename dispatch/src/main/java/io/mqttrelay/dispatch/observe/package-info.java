/**
 * Lag, age, stalls and group membership: measured once a second, for meters, for readiness, and for the log.
 *
 * <p>Thread: {@code dispatch-consumer} measures; any thread reads the results.
 */
@NullMarked
package io.mqttrelay.dispatch.observe;

import org.jspecify.annotations.NullMarked;
