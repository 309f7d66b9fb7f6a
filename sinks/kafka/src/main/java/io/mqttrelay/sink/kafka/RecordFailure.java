package io.mqttrelay.sink.kafka;

import io.mqttrelay.dispatch.sink.Answer;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.SinkResult.Cause;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownProducerIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** The table of failures: which failure of Kafka speaks of the message, of the address, or of either. */
final class RecordFailure {
    private static final Pattern WORD_END = Pattern.compile("(?<=[a-z])(?=[A-Z])");

    private RecordFailure() {}

    /**
     * Classifies the failure of a send.
     *
     * @param error one line for people, no secrets
     */
    static SinkResult result(Throwable failure, String error) {
        Answer answer = new Answer(null, name(failure));
        if (speaksOfTheMessage(failure)) {
            return new SinkResult.Refused(answer, error);
        }
        return new SinkResult.Unavailable(cause(failure), answer, error, null);
    }

    private static boolean speaksOfTheMessage(Throwable failure) {
        return failure instanceof RecordTooLargeException || failure instanceof InvalidRecordException;
    }

    private static Cause cause(Throwable failure) {
        if (failure instanceof ThrottlingQuotaExceededException) {
            return Cause.OVERLOAD;
        }
        boolean ofAddress = failure instanceof RetriableException
                || failure instanceof AuthorizationException
                || failure instanceof AuthenticationException
                || failure instanceof InvalidTopicException
                || failure instanceof EgressDenied
                || isOfProducer(failure)
                // the client itself: no usable address, or it was closed
                || (failure instanceof KafkaException && !(failure instanceof ApiException));
        return ofAddress ? Cause.ADDRESS : Cause.EITHER;
    }

    /** Whether the topic may be missing: it is looked up before the next send. */
    static boolean doubtsTopic(Throwable failure) {
        return failure instanceof UnknownTopicOrPartitionException
                || failure instanceof InvalidTopicException
                || failure instanceof TopicAuthorizationException
                || failure instanceof TimeoutException;
    }

    /** Whether the clients are not usable any more: the next send needs new ones. */
    static boolean endsClients(Throwable failure) {
        return failure instanceof AuthenticationException
                || (failure instanceof AuthorizationException && !(failure instanceof TopicAuthorizationException))
                || failure instanceof IllegalStateException
                || isOfProducer(failure);
    }

    private static boolean isOfProducer(Throwable failure) {
        return failure instanceof UnsupportedVersionException
                || failure instanceof ProducerFencedException
                || failure instanceof InvalidProducerEpochException
                || failure instanceof OutOfOrderSequenceException
                || failure instanceof UnknownProducerIdException;
    }

    /** For meters: one of the few names of Kafka's exceptions, such as {@code record_too_large}. */
    private static String name(Throwable failure) {
        String name = failure.getClass().getSimpleName();
        String stem = name.endsWith("Exception") ? name.substring(0, name.length() - "Exception".length()) : name;
        return WORD_END.matcher(stem).replaceAll("_").toLowerCase(Locale.ROOT);
    }

    /** An address of the cluster that the egress policy denies. The message is one line for people. */
    static final class EgressDenied extends RuntimeException {
        private static final long serialVersionUID = 1L;

        EgressDenied(String why) {
            super(why);
        }
    }
}
