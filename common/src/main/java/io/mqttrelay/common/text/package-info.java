/**
 * Makes text from external sources (devices, files, callbacks) safe to print: escaped and cut, or replaced by a digest;
 * makes digests; and finds the known word that is nearest to a misspelt one. No state, no threads.
 */
@NullMarked
package io.mqttrelay.common.text;

import org.jspecify.annotations.NullMarked;
