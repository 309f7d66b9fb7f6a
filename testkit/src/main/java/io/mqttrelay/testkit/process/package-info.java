/** Processes of a test: started, watched, killed, and always ended with the test. */
@NullMarked
package io.mqttrelay.testkit.process;

import org.jspecify.annotations.NullMarked;
