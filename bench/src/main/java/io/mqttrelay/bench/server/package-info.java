/** The brokers, each as a program. */
@NullMarked
package io.mqttrelay.bench.server;

import org.jspecify.annotations.NullMarked;
