package io.mqttrelay.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChecklistTest {
    private final Checklist checklist = new Checklist(10, 2);

    @Test
    void countsARepeatedMessageOnce() {
        checklist.came(0, 0, 0);
        checklist.came(0, 0, 0);

        assertThat(checklist.distinct()).isEqualTo(1);
        assertThat(checklist.duplicates()).isEqualTo(1);
        assertThat(checklist.disorders()).isZero();
    }

    @Test
    void anEarlierMessageOfATopicBehindALaterOneIsOutOfOrder() {
        checklist.came(2, 0, 1);
        checklist.came(0, 0, 0);

        assertThat(checklist.disorders()).isEqualTo(1);
    }

    @Test
    void topicsMayOvertakeEachOther() {
        checklist.came(2, 0, 1);
        checklist.came(1, 1, 0);

        assertThat(checklist.disorders()).isZero();
    }
}
