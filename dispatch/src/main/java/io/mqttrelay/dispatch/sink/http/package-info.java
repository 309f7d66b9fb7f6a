/**
 * HTTP callbacks: the request and its signature, the call, the table of statuses. The only package that uses OkHttp.
 * Calls block the thread that makes them.
 */
@NullMarked
package io.mqttrelay.dispatch.sink.http;

import org.jspecify.annotations.NullMarked;
