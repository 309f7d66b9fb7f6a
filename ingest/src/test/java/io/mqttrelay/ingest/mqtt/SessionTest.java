package io.mqttrelay.ingest.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.ingest.mqtt.wire.Link;
import io.mqttrelay.testkit.time.ManualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The recorded session of an earlier process decides whether a new session is a lost one. */
class SessionTest {
    private static final Link.Connected NEW = new Link.Connected(false, null);
    private static final Link.Connected KEPT = new Link.Connected(true, null);

    private final List<String> remembered = new ArrayList<>();
    private final Session session = new Session(TestRoutes.route("mqtt5"), ManualClock.create());

    private void remembers(String earlier) {
        session.remembers(new SessionMemory() {
            @Override
            public void recall(Consumer<String> answer) {
                answer.accept(earlier);
            }

            @Override
            public void remember(String addresses) {
                remembered.add(addresses);
            }

            @Override
            public void forget() {
                remembered.clear();
            }
        });
    }

    @Test
    void aSessionThatAnEarlierProcessHadIsLost() {
        remembers("two:1883 three:1883");
        session.connected(NEW);
        assertThat(session.lost()).isOne();
        session.subscribed();
        session.connected(KEPT);
        assertThat(session.lost()).isOne();
        assertThat(remembered).containsExactly("one:1883 two:1883");
    }

    @Test
    void aKeptSessionIsNotLost() {
        remembers("one:1883");
        session.connected(KEPT);
        assertThat(session.lost()).isZero();
    }

    @Test
    void theFirstStartLosesNothing() {
        remembers(null);
        session.connected(NEW);
        assertThat(session.lost()).isZero();
    }

    @Test
    void aMoveToOtherBrokersLosesNothing() {
        remembers("elsewhere:1883");
        session.connected(NEW);
        assertThat(session.lost()).isZero();
    }

    @Test
    void aLossIsCountedOnceForAProcess() {
        remembers("one:1883");
        session.connected(NEW);
        session.connected(NEW);
        assertThat(session.lost()).isOne();
    }

    @Test
    void aSessionThatEndsOnPurposeIsForgotten() {
        remembers(null);
        session.connected(NEW);
        session.subscribed();
        session.ended();
        assertThat(remembered).isEmpty();
    }
}
