/**
 * The policy for network addresses that callbacks may connect to. Pure rules without sockets or threads;
 * {@code dispatch.sink.http.net} applies them.
 */
@NullMarked
package io.mqttrelay.common.egress;

import org.jspecify.annotations.NullMarked;
