/** Matches the exclude rules of a route with a message's topic. Immutable, any thread. */
@NullMarked
package io.mqttrelay.dispatch.exclude;

import org.jspecify.annotations.NullMarked;
