/**
 * This dispatcher as a member of the consumer group: the assignor that moves no busy partition, and the time for which the
 * ownership of partitions is certain.
 *
 * <p>Thread: {@code dispatch-consumer}. Any thread asks {@link io.mqttrelay.dispatch.member.Heartbeat}.
 */
@NullMarked
package io.mqttrelay.dispatch.member;

import org.jspecify.annotations.NullMarked;
