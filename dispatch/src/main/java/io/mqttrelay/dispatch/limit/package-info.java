/**
 * Limits the calls in flight while answers wait for this process's processors. The limiter measures that wait, computes
 * how many calls may be in flight, and sets this number in the lanes.
 *
 * <p>Thread: {@code dispatch-timer}. One thread of the kind that makes calls reads the pipe of
 * {@link io.mqttrelay.dispatch.limit.ProcessorWait}.
 */
@NullMarked
package io.mqttrelay.dispatch.limit;

import org.jspecify.annotations.NullMarked;
