package io.mqttrelay.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which records a poll refuses and leaves to the next poll. */
final class BoundedPollsTest {
    private final BoundedPolls.Budget budget = new BoundedPolls.Budget(100);

    @BeforeEach
    void begin() {
        budget.begin();
    }

    private byte[] take(int bytes, int headerBytes) {
        return budget.deserialize("t", new RecordHeaders().add("h", new byte[headerBytes]), ByteBuffer.allocate(bytes));
    }

    @Test
    void takesAFirstRecordOfAnySize() {
        assertThat(take(1_000_000, 0)).hasSize(1_000_000);
        assertThatThrownBy(() -> take(1, 0)).isInstanceOf(SerializationException.class);
    }

    @Test
    void othersAreTakenAsLongAsAllFit() {
        take(40, 0);
        take(60, 0);
        assertThatThrownBy(() -> take(1, 0)).isInstanceOf(SerializationException.class);
    }

    @Test
    void headersCount() {
        take(10, 80);
        assertThatThrownBy(() -> take(5, 6)).isInstanceOf(SerializationException.class);
        take(5, 5);
    }

    @Test
    void aRefusedRecordIsTakenByTheNextPoll() {
        take(100, 0);
        assertThatThrownBy(() -> take(50, 0)).isInstanceOf(SerializationException.class);
        budget.begin();
        assertThat(take(50, 0)).hasSize(50);
    }

    @Test
    void theBufferIsLeftAsItWas() {
        ByteBuffer data = ByteBuffer.wrap(new byte[] {0, 1, 2, 3}, 1, 2);
        assertThat(budget.deserialize("t", new RecordHeaders(), data)).containsExactly(1, 2);
        assertThat(data.remaining()).isEqualTo(2); // Kafka's client asks for it
    }
}
