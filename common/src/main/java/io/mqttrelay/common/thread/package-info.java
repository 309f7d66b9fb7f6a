/**
 * The threads of the process: named roles ({@link io.mqttrelay.common.thread.RoleThread}), threads for blocking calls
 * ({@link io.mqttrelay.common.thread.CallThreads}), executors whose failures end the process
 * ({@link io.mqttrelay.common.thread.GuardedExecutors}), confinement of objects to one thread, and the orderly end of
 * the process ({@link io.mqttrelay.common.thread.Shutdown}).
 */
@NullMarked
package io.mqttrelay.common.thread;

import org.jspecify.annotations.NullMarked;
