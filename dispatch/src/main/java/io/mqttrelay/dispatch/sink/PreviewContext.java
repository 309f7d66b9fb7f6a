package io.mqttrelay.dispatch.sink;

import java.time.Clock;

/**
 * The environment of a preview.
 *
 * @param clock the wall clock
 * @param version of the product
 */
public record PreviewContext(Clock clock, String version) {}
