/**
 * The apps and addresses that this dispatcher consumes for: whether each address is served, in how many partitions it is
 * behind, and how much memory its deliveries may use. Back-pressure and cursors account here for what they hold.
 *
 * <p>Thread: {@code dispatch-consumer}. Any thread uses {@link io.mqttrelay.dispatch.window.AddressKey} and the accounts of
 * {@link io.mqttrelay.dispatch.window.Memory}.
 */
@NullMarked
package io.mqttrelay.dispatch.window;

import org.jspecify.annotations.NullMarked;
