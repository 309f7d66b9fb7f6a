package io.mqttrelay.ingest.write;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnackedTest {
    private final Unacked unacked = new Unacked(1000);

    @Test
    void qos0GetsHalfAndQos1IsAlwaysTakenIn() {
        assertThat(unacked.admit(0, 500)).isTrue();
        assertThat(unacked.admit(0, 1)).isFalse();
        assertThat(unacked.admit(1, 2000)).isTrue();
        assertThat(unacked.bytes()).isEqualTo(2500);
        unacked.settled(0, 500);
        assertThat(unacked.admit(0, 1)).isTrue();
    }

    @Test
    void aQos0MessageLargerThanItsShareIsTakenWhenNoOtherWaits() {
        assertThat(unacked.admit(0, 800)).isTrue();
        assertThat(unacked.admit(0, 800)).isFalse();
        assertThat(unacked.bytes()).isEqualTo(800);
    }

    @Test
    void qos0AloneNeverFillsTheHouse() {
        while (unacked.admit(0, 7)) {
            assertThat(unacked.nearlyFull()).isFalse();
        }
    }

    @Test
    void ofOneMessageHalfOfTheBoundIsCountedAtMost() {
        admit(2000);
        assertThat(unacked.bytes()).isEqualTo(2000);
        assertThat(unacked.nearlyFull()).isFalse();
        admit(2000);
        assertThat(unacked.full()).isTrue();
        unacked.settled(1, 2000);
        assertThat(unacked.halfEmpty()).isTrue();
        unacked.settled(1, 2000);
        assertThat(unacked.bytes()).isZero();
    }

    private void admit(long... sizes) {
        for (long size : sizes) {
            assertThat(unacked.admit(1, size)).isTrue();
        }
    }

    @Test
    void itIsFullAtTheBoundAndHalfEmptyAtHalf() {
        admit(200, 200, 200, 149);
        assertThat(unacked.nearlyFull()).isFalse();
        unacked.admit(1, 1);
        assertThat(unacked.nearlyFull()).isTrue();
        assertThat(unacked.full()).isFalse();
        unacked.admit(2, 250);
        assertThat(unacked.full()).isTrue();
        unacked.settled(1, 200);
        unacked.settled(1, 200);
        unacked.settled(1, 99);
        assertThat(unacked.halfEmpty()).isFalse();
        unacked.settled(1, 1);
        assertThat(unacked.halfEmpty()).isTrue();
    }
}
