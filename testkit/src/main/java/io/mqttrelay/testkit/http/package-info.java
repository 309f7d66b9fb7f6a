/**
 * The far side of dispatch: a callback server that misbehaves on request and writes down what it saw. One thread per
 * connection; everything recorded may be read from any thread.
 */
@NullMarked
package io.mqttrelay.testkit.http;

import org.jspecify.annotations.NullMarked;
