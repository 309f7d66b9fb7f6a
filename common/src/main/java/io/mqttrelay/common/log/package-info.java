/**
 * Configures Log4j from {@code log_config}, once per process, and limits the lines about frequent events. All other
 * packages use only Log4j's API.
 */
@NullMarked
package io.mqttrelay.common.log;

import org.jspecify.annotations.NullMarked;
