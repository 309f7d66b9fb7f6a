package io.mqttrelay.ingest.write;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnknownProducerIdException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** What a failed send means. */
enum SendFailure {
    /** This record, as it is, will never be stored. */
    TOO_LARGE,
    /** The app's topic does not take records now: its messages wait, the others go on. */
    LANE,
    /** The producer is of no more use, or was closed: everything waits for a new one. */
    PRODUCER;

    static SendFailure of(Exception e) {
        if (e instanceof RecordTooLargeException || e instanceof RecordBatchTooLargeException) {
            return TOO_LARGE;
        }
        return endsProducer(e) ? PRODUCER : LANE;
    }

    private static boolean endsProducer(Exception e) {
        return e instanceof AuthenticationException
                || e instanceof ClusterAuthorizationException
                || e instanceof TransactionalIdAuthorizationException
                || e instanceof ProducerFencedException
                || e instanceof InvalidProducerEpochException
                || e instanceof InvalidPidMappingException
                || e instanceof UnknownProducerIdException
                || e instanceof OutOfOrderSequenceException
                || e instanceof FencedInstanceIdException
                || e instanceof UnsupportedVersionException
                // "closed forcefully", "in an error state", "cannot perform operation after producer has been closed"
                || e.getClass() == KafkaException.class
                || !(e instanceof ApiException);
    }

    /** One line for people. */
    static String text(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        String name = cause.getClass().getSimpleName();
        return message == null ? name : (name + ": " + message).replaceAll("\\p{Cntrl}+", " ");
    }
}
