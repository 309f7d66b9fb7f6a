package io.mqttrelay.ingest.write;

import io.mqttrelay.common.text.RootCause;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** The kind of a failed send. */
enum SendFailure {
    /** This record will never be stored in its present form. */
    TOO_LARGE,
    /** The app's topic refuses records now: its messages wait, other apps continue. */
    TOPIC,
    /** Kafka's client has no metadata of the topic: it requests it, and the app's messages wait. */
    METADATA,
    /** The producer is unusable, or was closed: all messages wait for a new one. */
    PRODUCER,
    /** Kafka refuses all records of this process. */
    CLUSTER;

    /** Part of the client's message for a record that is refused because of another record of its batch. */
    private static final String OF_A_REFUSED_BATCH = "part of a batch";

    static SendFailure of(Exception e) {
        if (e instanceof RecordTooLargeException || e instanceof RecordBatchTooLargeException) {
            return TOO_LARGE;
        }
        // a batch never times out, so this is the send, which would have had to wait
        if (e instanceof TimeoutException && !(e instanceof BufferExhaustedException)) {
            return METADATA;
        }
        if (concernsAll(e)) {
            return CLUSTER;
        }
        return endsProducer(e) ? PRODUCER : TOPIC;
    }

    private static boolean concernsAll(Exception e) {
        return e instanceof AuthenticationException
                || e instanceof ClusterAuthorizationException
                || e instanceof TransactionalIdAuthorizationException
                || e instanceof UnsupportedVersionException;
    }

    private static boolean endsProducer(Exception e) {
        if (e.getClass() == KafkaException.class) {
            // for example "closed forcefully", "in an error state", "cannot perform operation after producer has been
            // closed"
            return !String.valueOf(e.getMessage()).contains(OF_A_REFUSED_BATCH);
        }
        return e instanceof ProducerFencedException
                || e instanceof InvalidProducerEpochException
                || e instanceof InvalidPidMappingException
                || e instanceof FencedInstanceIdException
                || !(e instanceof ApiException);
    }

    /** The innermost message, one line. */
    static String text(Throwable e) {
        Throwable cause = RootCause.of(e);
        String message = cause.getMessage();
        String name = cause.getClass().getSimpleName();
        return message == null ? name : (name + ": " + message).replaceAll("\\p{Cntrl}+", " ");
    }
}
