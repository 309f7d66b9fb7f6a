/**
 * Reads the destinations of a route: each key that an address may have, from the address or else from the route.
 * {@link io.mqttrelay.common.config.read.destination.DestinationSection} lists the keys. Opens no connection, starts no
 * threads.
 */
@NullMarked
package io.mqttrelay.common.config.read.destination;

import org.jspecify.annotations.NullMarked;
