/**
 * The measured programs: the packaged relay and the contenders, started with the same flags, awaited until they are
 * ready, sampled, and ended.
 */
@NullMarked
package io.mqttrelay.bench.program;

import org.jspecify.annotations.NullMarked;
