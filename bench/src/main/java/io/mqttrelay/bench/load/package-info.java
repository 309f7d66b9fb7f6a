/** Programs that generate load: one writes records directly into an app's topic, one publishes like devices. */
@NullMarked
package io.mqttrelay.bench.load;

import org.jspecify.annotations.NullMarked;
