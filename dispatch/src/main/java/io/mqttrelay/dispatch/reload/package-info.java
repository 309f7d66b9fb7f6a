/**
 * Applies a changed configuration to the assigned partitions, while other addresses are served.
 *
 * <p>Thread: {@code dispatch-consumer}.
 */
@NullMarked
package io.mqttrelay.dispatch.reload;

import org.jspecify.annotations.NullMarked;
