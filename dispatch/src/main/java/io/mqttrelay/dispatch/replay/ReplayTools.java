package io.mqttrelay.dispatch.replay;

import io.mqttrelay.common.kafka.KafkaClients;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.thread.StopRequest;
import io.mqttrelay.common.topic.TopicNames;

/** The tools of every run of {@code relay replay}, for any source. */
record ReplayTools(
        KafkaClients clients, TopicNames names, RecordCodec codec, StopRequest stop, Progress progress, Pace pace) {}
