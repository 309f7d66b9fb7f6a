/**
 * Order and concurrency of deliveries: which must not overtake each other, and how many calls are in flight. {@link
 * io.mqttrelay.dispatch.DispatchPath} adds deliveries; the threads that make the calls take them, one after another.
 *
 * <p>Threads: any. One lock guards all state; it is held for a few instructions, and never while code outside the
 * package is called.
 */
@NullMarked
package io.mqttrelay.dispatch.lane;

import org.jspecify.annotations.NullMarked;
