/** The product's package table as rules, for the test of each module. */
@NullMarked
package io.mqttrelay.testkit.architecture;

import org.jspecify.annotations.NullMarked;
