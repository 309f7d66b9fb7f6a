/** What makes the load: records written straight into an app's topic, and devices that publish. Each is a program. */
@NullMarked
package io.mqttrelay.bench.load;

import org.jspecify.annotations.NullMarked;
