/**
 * An engine of typed keys: a {@link io.mqttrelay.common.settings.Key} holds name, type, limits, default and meaning of
 * one setting, and {@link io.mqttrelay.common.settings.SettingsFile} reads a JSON file by its keys. The engine resolves
 * references to variables and files, and reports all problems at once, without secrets. The reference page and the JSON
 * Schema are made from the same keys. It knows no setting of the relay; {@code common.config.read} has those. Starts no
 * threads.
 */
@NullMarked
package io.mqttrelay.common.settings;

import org.jspecify.annotations.NullMarked;
