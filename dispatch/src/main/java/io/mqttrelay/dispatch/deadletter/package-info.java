/**
 * The open failures of each app: lists, selects, replays and counts the entries of its dead topic. {@link
 * io.mqttrelay.dispatch.settle} writes the entries. {@link io.mqttrelay.dispatch.command} shows them and starts replays.
 * A replay appends deliveries to the app's replay topic, which dispatchers consume, or sends messages of history again.
 *
 * <p>Whole topics are read without joining a group, so that reading changes nothing. A replay writes in transactions, so
 * that an entry is in one topic at any time.
 *
 * <p>Threads: a list or replay runs on the thread of its caller. In a dispatcher, {@code dispatch-open-failures} owns
 * the consumer that counts.
 */
@NullMarked
package io.mqttrelay.dispatch.deadletter;

import org.jspecify.annotations.NullMarked;
