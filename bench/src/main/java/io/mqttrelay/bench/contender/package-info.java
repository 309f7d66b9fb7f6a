/** What users would write or pick instead, each as a program: a process of its own in the same run. */
@NullMarked
package io.mqttrelay.bench.contender;

import org.jspecify.annotations.NullMarked;
