/**
 * Makes text from external sources (devices, files, callbacks) safe to print: escaped and cut, or replaced by a digest;
 * makes digests; finds the root cause of a failure, and the known word that is nearest to a misspelt one. No state, no threads.
 */
@NullMarked
package io.mqttrelay.common.text;

import org.jspecify.annotations.NullMarked;
