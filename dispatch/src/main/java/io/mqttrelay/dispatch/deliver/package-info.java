/**
 * Attempts a delivery until it has an outcome. Takes a {@link io.mqttrelay.dispatch.deliver.Delivery} from its lane,
 * calls the sink, and decides: ended, or another attempt after a wait. The only package that uses Resilience4j.
 *
 * <p>Threads: an attempt blocks the call thread that makes it. No code here waits for the next attempt: it only returns
 * the time to wait.
 */
@NullMarked
package io.mqttrelay.dispatch.deliver;

import org.jspecify.annotations.NullMarked;
