/**
 * Maps a record to its destinations: decodes it, finds its route, and applies the route's excludes. Stands between the
 * consumer, which reads the records, and the lanes, where the deliveries wait.
 *
 * <p>Thread: {@code dispatch-consumer} routes. {@link io.mqttrelay.dispatch.route.Targets} is an immutable snapshot of
 * the configuration; a reload makes another one.
 */
@NullMarked
package io.mqttrelay.dispatch.route;

import org.jspecify.annotations.NullMarked;
