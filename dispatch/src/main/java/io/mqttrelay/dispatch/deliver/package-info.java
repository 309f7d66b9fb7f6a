/**
 * Attempts until there is an outcome. Takes a {@link io.mqttrelay.dispatch.deliver.Delivery} from its lane, asks the sink,
 * and decides: ended, or again after a wait. The only place for Resilience4j.
 *
 * <p>Threads: an attempt blocks the call thread that makes it; waiting is never done here, it is only said how long.
 */
@NullMarked
package io.mqttrelay.dispatch.deliver;

import org.jspecify.annotations.NullMarked;
