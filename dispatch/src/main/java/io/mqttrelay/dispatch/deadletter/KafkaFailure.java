package io.mqttrelay.dispatch.deadletter;

import io.mqttrelay.common.kafka.KafkaClients;
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
        if (has(failure, ProducerFencedException.class) || has(failure, InvalidProducerEpochException.class)) {
            return "another replay of this app has begun, so this one ends here";
        }
        if (has(failure, AuthenticationException.class)) {
            return "Kafka refuses the credentials in kafka.properties: " + rootMessage(failure);
        }
        if (has(failure, AuthorizationException.class)) {
            return "Kafka does not permit it (" + rootMessage(failure)
                    + "): docs/dead-letters.md lists the permissions that are needed";
        }
        return has(failure, TimeoutException.class) ? NO_ANSWER : "Kafka: " + rootMessage(failure);
    }

    /** Whether a record was larger than its topic takes. */
    static boolean isTooLarge(KafkaException failure) {
        return has(failure, RecordTooLargeException.class);
    }

    private static boolean has(Throwable failure, Class<?> kind) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (kind.isInstance(each)) {
                return true;
            }
        }
        return false;
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
