package io.mqttrelay.testkit.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class TallyTest {
    private final Tally tally = new Tally(2, 3);

    private void accept(int topic, int... sequences) {
        for (int sequence : sequences) {
            tally.accept(new SequencedMessage(topic, sequence));
        }
    }

    @Test
    void everythingOnceInOrderBreaksNothing() {
        accept(0, 0, 1);
        accept(1, 0, 1, 2);
        accept(0, 2);

        assertThat(tally.noLoss().holds()).isTrue();
        assertThat(tally.duplicates(0).holds()).isTrue();
        assertThat(tally.order().holds()).isTrue();
    }

    @Test
    void namesMissingMessages() {
        accept(0, 0, 1, 2);
        accept(1, 0, 1);

        assertThat(tally.noLoss().offences()).containsExactly("lost SequencedMessage[topic=1, sequence=2]");
        assertThat(tally.distinct()).isEqualTo(5);
    }

    @Test
    void aRepetitionBeyondThoseAllowedIsAnOffence() {
        tally.declareCrash();
        accept(0, 0, 1, 0, 1);

        assertThat(tally.duplicates(2).holds()).isTrue();
        assertThat(tally.duplicates(1).holds()).isFalse();
    }

    @Test
    void aGapIsOutOfOrder() {
        accept(0, 0, 2);

        assertThat(tally.order().offences()).hasSize(1);
    }

    @Test
    void goingBackIsOutOfOrderButForOncePerTopicAndCrash() {
        accept(0, 0, 1, 0);
        assertThat(tally.order().holds()).isFalse();

        Tally crashed = new Tally(1, 4);
        for (int sequence : new int[] {0, 1, 2}) {
            crashed.accept(new SequencedMessage(0, sequence));
        }
        crashed.declareCrash();
        for (int sequence : new int[] {0, 2, 3}) { // a restart skips a message that is known to be done
            crashed.accept(new SequencedMessage(0, sequence));
        }
        assertThat(crashed.order().holds()).isTrue();
        crashed.accept(new SequencedMessage(0, 1));
        assertThat(crashed.order().holds()).isFalse();
    }

    @Test
    void aMessageIsFoundInItsPayload() {
        SequencedMessage message = new SequencedMessage(17, 123_456);
        byte[] payload = message.payload(1024);

        assertThat(payload).hasSize(1024);
        assertThat(SequencedMessage.in(ByteBuffer.wrap(payload))).isEqualTo(message);
    }
}
