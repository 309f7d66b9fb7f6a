/**
 * The relay's promises as checks over what a publisher sent and a callback received. They share no code with the
 * product, so that a mistake there cannot hide itself here. Pure functions over recorded facts; no threads.
 */
@NullMarked
package io.mqttrelay.testkit.guarantee;

import org.jspecify.annotations.NullMarked;
