/** The configuration file and the environment, read into records, every problem reported at once. The only place for Jackson's config mapping. No threads. */
@NullMarked
package io.mqttrelay.common.config;

import org.jspecify.annotations.NullMarked;
