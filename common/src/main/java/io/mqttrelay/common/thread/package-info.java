/** Named thread roles, confinement, ordered shutdown. */
@NullMarked
package io.mqttrelay.common.thread;

import org.jspecify.annotations.NullMarked;
