/** Log4j set up from log_config, once per process. */
@NullMarked
package io.mqttrelay.common.log;

import org.jspecify.annotations.NullMarked;
