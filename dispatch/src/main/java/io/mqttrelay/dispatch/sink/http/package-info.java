/**
 * HTTP callbacks: the request and its signature, the call, the table of statuses. Takes body and headers from {@link
 * io.mqttrelay.dispatch.format} and connections from {@link io.mqttrelay.dispatch.sink.http.net}; the two HTTP packages
 * are the only ones that use OkHttp. Calls block the thread that makes them.
 */
@NullMarked
package io.mqttrelay.dispatch.sink.http;

import org.jspecify.annotations.NullMarked;
