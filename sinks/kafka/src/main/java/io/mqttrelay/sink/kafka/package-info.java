/**
 * Kafka topics as targets: addresses {@code kafka://NAME/TOPIC}. {@link io.mqttrelay.dispatch.sink.OrderedSink} sends each
 * message by itself. {@link io.mqttrelay.sink.kafka.TargetCluster} has the clients of one target, which its addresses
 * share. Acknowledgements arrive on the thread of Kafka's producer; topics and addresses are checked on threads {@code
 * sink-kafka-n}.
 */
@NullMarked
package io.mqttrelay.sink.kafka;

import org.jspecify.annotations.NullMarked;
