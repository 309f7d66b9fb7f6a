package io.mqttrelay.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.ingest.mqtt.Admission.Answer;
import io.mqttrelay.ingest.write.Unacked;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A connection whose message waits for memory. */
class RouteAdmissionTest {
    private final Unacked.Share share = new Unacked(1000, 600).open("a");
    private final RouteAdmission admission = new RouteAdmission(share, 500, () -> {});
    private final List<String> called = new ArrayList<>();

    private void waitForRoom(Runnable retry) {
        share.reserve(1, 1000);
        assertThat(admission.ask(1, 400)).isEqualTo(Answer.WAIT);
        admission.whenRoom(400, retry);
        assertThat(called).isEmpty();
    }

    @Test
    void takesTheMemoryOfAWaitingMessageOnce() {
        Runnable retry = () -> called.add("retry");
        waitForRoom(retry);
        share.settled(1, 1000);
        assertThat(called).containsExactly("retry");
        assertThat(share.bytes()).isEqualTo(400);
        assertThat(admission.ask(1, 400)).isEqualTo(Answer.READ);
        assertThat(share.bytes()).isEqualTo(400);
        assertThat(admission.ask(1, 100)).isEqualTo(Answer.READ);
        assertThat(share.bytes()).isEqualTo(500);
    }

    @Test
    void returnsTheMemoryOfAMessageWhoseConnectionEnds() {
        Runnable retry = () -> called.add("retry");
        waitForRoom(retry);
        share.settled(1, 1000);
        admission.forget(retry);
        assertThat(share.bytes()).isZero();
    }

    @Test
    void forgetsAMessageThatStillWaits() {
        Runnable retry = () -> called.add("retry");
        waitForRoom(retry);
        admission.forget(retry);
        share.settled(1, 1000);
        assertThat(called).isEmpty();
        assertThat(share.bytes()).isZero();
    }
}
