/**
 * What may overtake what, and how much goes out at once. {@link io.mqttrelay.dispatch.DispatchPath} puts deliveries in;
 * the threads that make the calls take them out, one after another.
 *
 * <p>Threads: any; one lock guards all of it, is held for a few instructions, and never while calling out.
 */
@NullMarked
package io.mqttrelay.dispatch.lane;

import org.jspecify.annotations.NullMarked;
