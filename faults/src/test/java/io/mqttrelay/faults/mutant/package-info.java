/** Breaks the program on purpose, by an agent in its JVM: a row that passes on a broken program proves nothing. */
@NullMarked
package io.mqttrelay.faults.mutant;

import org.jspecify.annotations.NullMarked;
