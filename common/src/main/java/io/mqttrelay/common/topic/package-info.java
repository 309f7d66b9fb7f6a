/**
 * Kafka topic names, checks and creation, with {@link io.mqttrelay.common.topic.TopicProvisioner} for both halves; MQTT
 * topic filters and exclude rules. Names, filters, rules and results are immutable.
 */
@NullMarked
package io.mqttrelay.common.topic;

import org.jspecify.annotations.NullMarked;
