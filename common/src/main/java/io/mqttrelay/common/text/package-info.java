/** Makes text from external sources (devices, files, callbacks) safe to print. No state, no threads. */
@NullMarked
package io.mqttrelay.common.text;

import org.jspecify.annotations.NullMarked;
