package io.mqttrelay.common.topic;

import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Describes Kafka's errors about topics, with the remedy. */
final class TopicErrors {
    static final String NO_ANSWER =
            "Kafka does not answer: check kafka.bootstrap_servers, and that its advertised listeners can be reached from"
                    + " here";

    private TopicErrors() {}

    static String inWords(@Nullable Throwable cause) {
        if (cause == null || cause instanceof TimeoutException) {
            return NO_ANSWER;
        }
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        if (cause instanceof AuthenticationException) {
            return "Kafka refuses the credentials in kafka.properties: " + message;
        }
        if (cause instanceof AuthorizationException) {
            return "Kafka does not permit to see or create the relay's topics (" + message
                    + "): grant Describe, DescribeConfigs and Create, or create them beforehand";
        }
        if (cause instanceof InvalidReplicationFactorException) {
            return "kafka.replication_factor is more than the brokers that are up: " + message;
        }
        if (cause instanceof PolicyViolationException) {
            return "the cluster's policy forbids a topic as kafka.partitions, kafka.replication_factor and"
                    + " kafka.retention ask for it: " + message;
        }
        return "the relay's topics cannot be prepared: " + message;
    }
}
