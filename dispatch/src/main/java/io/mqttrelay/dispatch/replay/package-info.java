/**
 * Lists, selects and replays dead letters, and replays history: {@code relay dead-letters}, {@code relay replay}, and
 * the meter of open failures. Reads whole topics without joining a group, so that reading changes nothing. Writes in
 * transactions, so that an entry is in one place at any time. Dispatchers deliver the records of an app's replay topic.
 *
 * <p>Threads: a command runs on its process's main thread. In a dispatcher, {@code dispatch-open-failures} owns the
 * consumer that counts.
 */
@NullMarked
package io.mqttrelay.dispatch.replay;

import org.jspecify.annotations.NullMarked;
