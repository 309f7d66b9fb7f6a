/**
 * The callback: a small HTTP/1.1 server in a process of its own, one thread, made to cost far less than what it measures.
 * Counts what arrives, and knows what was lost, came twice or came out of order.
 */
@NullMarked
package io.mqttrelay.bench.callback;

import org.jspecify.annotations.NullMarked;
