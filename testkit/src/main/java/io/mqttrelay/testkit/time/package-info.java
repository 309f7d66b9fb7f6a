/**
 * Time that stands still until a test moves it. Used by tests of everything that waits; no threads of its own.
 */
@NullMarked
package io.mqttrelay.testkit.time;

import org.jspecify.annotations.NullMarked;
