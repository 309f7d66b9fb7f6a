/**
 * Who runs what: threads as named roles ({@link io.mqttrelay.common.thread.RoleThread}), threads for blocking calls
 * ({@link io.mqttrelay.common.thread.CallThreads}), confinement of objects to one thread, and the way out of the process
 * ({@link io.mqttrelay.common.thread.Shutdown}).
 */
@NullMarked
package io.mqttrelay.common.thread;

import org.jspecify.annotations.NullMarked;
