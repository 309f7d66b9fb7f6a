/**
 * Reads the configuration file and the environment into records and reports every problem at once. Only this package
 * maps Jackson trees to configuration. Starts no threads.
 */
@NullMarked
package io.mqttrelay.common.config;

import org.jspecify.annotations.NullMarked;
