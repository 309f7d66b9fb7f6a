package io.mqttrelay.ingest.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.ingest.mqtt.wire.Admission;
import io.mqttrelay.ingest.mqtt.wire.Admission.Answer;
import org.junit.jupiter.api.Test;

/** A connection that takes no more holds no memory of its app. */
class StoppableAdmissionTest {
    private long held;
    private boolean taking = true;
    private int refused;
    private final Admission admission = new StoppableAdmission(
            new Admission() {
                @Override
                public Answer ask(int qos, long bytes) {
                    held += bytes;
                    return Answer.READ;
                }

                @Override
                public void settled(int qos, long bytes) {
                    held -= bytes;
                }

                @Override
                public void whenRoom(long bytes, Runnable retry) {
                    throw new AssertionError("there is room");
                }

                @Override
                public void forget(Runnable retry) {
                    throw new AssertionError("no message waits");
                }

                @Override
                public long maxMessage() {
                    return 100;
                }
            },
            () -> taking,
            () -> refused++);

    @Test
    void aSkippedMessageGivesItsMemoryBack() {
        assertThat(admission.ask(1, 10)).isEqualTo(Answer.READ);
        taking = false;
        assertThat(admission.ask(1, 20)).isEqualTo(Answer.SKIP);
        assertThat(held).isEqualTo(10);
        assertThat(refused).isEqualTo(1);
        assertThat(admission.ask(0, 30)).isEqualTo(Answer.READ);
        assertThat(held).isEqualTo(40);
    }
}
