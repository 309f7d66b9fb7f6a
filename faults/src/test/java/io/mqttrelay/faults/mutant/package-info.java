/** The program broken on purpose, by an agent in its JVM: a row that stays green on it proves nothing. */
@NullMarked
package io.mqttrelay.faults.mutant;

import org.jspecify.annotations.NullMarked;
