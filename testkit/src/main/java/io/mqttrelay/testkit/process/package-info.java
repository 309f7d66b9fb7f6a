/** Processes of a test: started, watched, killed, and always ended with it. */
@NullMarked
package io.mqttrelay.testkit.process;

import org.jspecify.annotations.NullMarked;
