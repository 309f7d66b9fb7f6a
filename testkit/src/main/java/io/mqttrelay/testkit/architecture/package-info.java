/** Architecture rules from the product's package table, for the test of each module. */
@NullMarked
package io.mqttrelay.testkit.architecture;

import org.jspecify.annotations.NullMarked;
