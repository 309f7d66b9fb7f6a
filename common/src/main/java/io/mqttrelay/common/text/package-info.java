/** Text from anywhere (devices, files, callbacks) made fit for people's eyes. No state, no threads. */
@NullMarked
package io.mqttrelay.common.text;

import org.jspecify.annotations.NullMarked;
