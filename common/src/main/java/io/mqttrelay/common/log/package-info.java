/** Log4j set up from {@code log_config}, once per process. Everybody else knows Log4j's API only. */
@NullMarked
package io.mqttrelay.common.log;

import org.jspecify.annotations.NullMarked;
