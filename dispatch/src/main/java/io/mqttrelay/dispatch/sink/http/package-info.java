/**
 * HTTP callbacks: the request's form and signature, the call, the table of statuses. The only place for OkHttp. Calls
 * block the thread that makes them.
 */
@NullMarked
package io.mqttrelay.dispatch.sink.http;

import org.jspecify.annotations.NullMarked;
