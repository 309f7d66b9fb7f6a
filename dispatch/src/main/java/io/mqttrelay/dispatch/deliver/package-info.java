/**
 * Attempts a delivery until it has an outcome. {@link io.mqttrelay.dispatch.deliver.DeliveryWorker} takes a {@link
 * io.mqttrelay.dispatch.deliver.Delivery} from its lane, calls the sink, and decides: ended, or another attempt after a
 * wait. The outcome goes to {@code dispatch.settle}. The only package that uses Resilience4j.
 *
 * <p>Threads: an attempt blocks the call thread that makes it. No code here waits for the next attempt: a timer does.
 * {@link io.mqttrelay.dispatch.deliver.ActiveTargets} belongs to the consumer thread.
 */
@NullMarked
package io.mqttrelay.dispatch.deliver;

import org.jspecify.annotations.NullMarked;
