/**
 * Dead letters listed, selected and sent again, and history with them: {@code relay dead-letters}, {@code relay replay},
 * and the meter of what is open. Reads whole topics without a group, so that looking changes nothing; writes in
 * transactions, so that an entry is in one place at any time. What it appends to an app's replay topic, dispatch delivers.
 *
 * <p>Threads: a command runs on its process' main thread. In a dispatcher, {@code dispatch-open-failures} owns the
 * consumer that counts.
 */
@NullMarked
package io.mqttrelay.dispatch.replay;

import org.jspecify.annotations.NullMarked;
