package io.mqttrelay.dispatch.deadletter;

import io.mqttrelay.common.kafka.KafkaClients;
import io.mqttrelay.common.text.RootCause;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;

/** A failure of Kafka that ends a command; the message is one line for people, with a remedy. */
public final class KafkaFailure extends Exception {
    private static final long serialVersionUID = 1;

    static final String NO_ANSWER = "Kafka does not answer any more";

    KafkaFailure(String message) {
        super(message, null, false, false);
    }

    /** Fails within 5 s if Kafka does not answer, with the addresses that were tried and the cause. */
    public static void unlessReached(KafkaClients clients) throws KafkaFailure, InterruptedException {
        String problem = clients.reach().problem(clients);
        if (problem != null) {
            throw new KafkaFailure(problem);
        }
    }

    /** Adds addresses and cause, if Kafka has stopped answering. */
    public KafkaFailure explained(KafkaClients clients) {
        return NO_ANSWER.equals(getMessage())
                ? new KafkaFailure(clients.reach().whyNot(new TimeoutException(NO_ANSWER)))
                : this;
    }

    static KafkaFailure of(KafkaException failure) {
        return new KafkaFailure(inWords(failure));
    }

    private static String inWords(KafkaException failure) {
        if (RootCause.has(failure, ProducerFencedException.class)
                || RootCause.has(failure, InvalidProducerEpochException.class)) {
            return "another replay of this app has begun, so this one ends here";
        }
        if (RootCause.has(failure, AuthenticationException.class)) {
            return "Kafka refuses the credentials in kafka.properties: " + RootCause.message(failure);
        }
        if (RootCause.has(failure, AuthorizationException.class)) {
            return "Kafka does not permit it (" + RootCause.message(failure)
                    + "): docs/dead-letters.md lists the permissions that are needed";
        }
        return RootCause.has(failure, TimeoutException.class) ? NO_ANSWER : "Kafka: " + RootCause.message(failure);
    }

    /** Whether a record was larger than its topic takes. */
    static boolean isTooLarge(KafkaException failure) {
        return RootCause.has(failure, RecordTooLargeException.class);
    }
}
