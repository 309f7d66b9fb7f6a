package io.mqttrelay.common.topic;

/**
 * Something about an existing topic that an operator should know.
 *
 * @param fatal a promise cannot be kept with it: the caller must not use the topic
 * @param topic the Kafka topic
 * @param text one line: what is wrong, what follows from it, what to do
 */
public record TopicFinding(boolean fatal, String topic, String text) {
    @Override
    public String toString() {
        return "topic " + topic + ": " + text;
    }
}
