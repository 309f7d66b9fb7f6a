package io.mqttrelay.sink.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.dispatch.sink.SinkResult;
import java.util.stream.Stream;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which failures speak of the message, of the address, or of either. */
class RecordFailureTest {
    static Stream<Exception> ofTheMessage() {
        return Stream.of(new RecordTooLargeException("large"), new InvalidRecordException("no key"));
    }

    static Stream<Exception> ofTheAddress() {
        return Stream.of(
                new TimeoutException("expired"),
                new NotEnoughReplicasException("one of two"),
                new UnknownTopicOrPartitionException("missing"),
                new TopicAuthorizationException("topic"),
                new ClusterAuthorizationException("cluster"),
                new SaslAuthenticationException("password"),
                new RecordFailure.EgressDenied("denied"),
                new KafkaException("closed"));
    }

    @ParameterizedTest
    @MethodSource("ofTheMessage")
    void failuresOfTheMessageRefuseIt(Exception failure) {
        assertThat(RecordFailure.result(failure, "error")).isInstanceOf(SinkResult.Refused.class);
    }

    @ParameterizedTest
    @MethodSource("ofTheAddress")
    void failuresOfTheAddressAreTriedAgain(Exception failure) {
        assertThat(cause(failure)).isEqualTo(SinkResult.Cause.ADDRESS);
    }

    @Test
    void otherFailuresMaySpeakOfEither() {
        assertThat(cause(new PolicyViolationException("policy"))).isEqualTo(SinkResult.Cause.EITHER);
        assertThat(cause(new IllegalArgumentException("defect"))).isEqualTo(SinkResult.Cause.EITHER);
    }

    @Test
    void aQuotaAsksForFewerCalls() {
        assertThat(cause(new ThrottlingQuotaExceededException(10, "quota"))).isEqualTo(SinkResult.Cause.OVERLOAD);
    }

    @Test
    void theAnswerIsNamedAfterTheFailure() {
        assertThat(RecordFailure.result(new RecordTooLargeException("large"), "error")
                        .answer())
                .hasToString("Answer[status=null, statusClass=record_too_large]");
    }

    private static SinkResult.Cause cause(Exception failure) {
        return ((SinkResult.Unavailable) RecordFailure.result(failure, "error")).cause();
    }
}
