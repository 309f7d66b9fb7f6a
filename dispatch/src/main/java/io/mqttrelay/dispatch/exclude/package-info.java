/** What is left out: the exclude rules of a route against a message's topic. Immutable, no threads. */
@NullMarked
package io.mqttrelay.dispatch.exclude;

import org.jspecify.annotations.NullMarked;
