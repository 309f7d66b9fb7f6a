/**
 * Connections of HTTP calls: sockets that obey the egress policy, pools, DNS lookups with a limit, TLS, and the age of
 * connections. {@link io.mqttrelay.dispatch.sink.http} applies them to its client. Lookups and the closing of idle
 * connections have threads of their own; everything else runs on the thread of the call.
 */
@NullMarked
package io.mqttrelay.dispatch.sink.http.net;

import org.jspecify.annotations.NullMarked;
