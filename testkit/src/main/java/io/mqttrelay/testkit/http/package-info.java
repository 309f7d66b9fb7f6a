/**
 * The callback side of dispatch: a server that fails on request and records its requests. One thread per connection;
 * the records may be read from any thread.
 */
@NullMarked
package io.mqttrelay.testkit.http;

import org.jspecify.annotations.NullMarked;
