/**
 * The relay's guarantees as checks that compare a publisher's messages with a callback's deliveries. They share no
 * code with the product, so that a mistake there cannot hide here. Pure functions over recorded facts; no threads.
 */
@NullMarked
package io.mqttrelay.testkit.guarantee;

import org.jspecify.annotations.NullMarked;
