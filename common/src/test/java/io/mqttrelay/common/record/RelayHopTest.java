package io.mqttrelay.common.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RelayHopTest {
    private final RelayHop own = RelayHop.of("cluster", "relay");
    private final UserProperty other = RelayHop.of("cluster", "other").property();

    @Test
    void marksAMessageWithClusterAndPrefix() {
        assertThat(own.property()).isEqualTo(new UserProperty("relay-hop", "cluster/relay"));
    }

    @Test
    void aMessageWithItsOwnMarkIsALoop() {
        assertThat(RelayHop.isLoop(List.of(other, own.property()), own)).isTrue();
    }

    @Test
    void aMessageOfAnotherRelayIsNoLoop() {
        assertThat(RelayHop.isLoop(List.of(other, new UserProperty("x", "cluster/relay")), own))
                .isFalse();
    }

    @Test
    void eightMarksAreAllowedAndNineAreNot() {
        assertThat(RelayHop.isLoop(Collections.nCopies(8, other), own)).isFalse();
        assertThat(RelayHop.isLoop(Collections.nCopies(9, other), own)).isTrue();
    }

    @Test
    void marksAreCountedBeforeItsOwnIsKnown() {
        assertThat(RelayHop.isLoop(Collections.nCopies(9, other), null)).isTrue();
        assertThat(RelayHop.isLoop(List.of(own.property()), null)).isFalse();
    }
}
