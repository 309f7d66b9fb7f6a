/** The brokers, each in a process of its own. */
@NullMarked
package io.mqttrelay.bench.server;

import org.jspecify.annotations.NullMarked;
