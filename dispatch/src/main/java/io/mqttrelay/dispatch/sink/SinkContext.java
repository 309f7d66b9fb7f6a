package io.mqttrelay.dispatch.sink;

import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.common.record.RelayHop;
import io.mqttrelay.common.thread.GuardedExecutors;
import java.time.Clock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The environment of the sinks of one process.
 *
 * @param clock the wall clock
 * @param version of the product
 * @param egress tells which IP addresses may be dialled
 * @param hop the mark of this relay on messages that it publishes by MQTT; gives null until Kafka has answered
 * @param executors makes the threads that sinks need beside those of their calls; an error in one ends the process
 */
public record SinkContext(
        Clock clock, String version, Egress egress, Supplier<@Nullable RelayHop> hop, GuardedExecutors executors) {}
