package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.mqttrelay.testkit.guarantee.Delivery;
import io.mqttrelay.testkit.guarantee.Sent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The verdict on a neighbour fails for each effect that a failure could have on it. */
class NeighbourVerdictTest {
    private final List<Sent> sent = new ArrayList<>();
    private final Map<String, Long> sentAt = new HashMap<>();
    private final List<Delivery> accepted = new ArrayList<>();

    @Test
    void holdsWhereAllArriveOnceInOrderInTime() {
        for (int i = 0; i < 300; i++) {
            sends("m" + i, "t/" + i % 3);
            arrives("m" + i, i == 7 ? 4000 : 20); // one of 300 is above the percentile
        }

        NeighbourVerdict verdict = verdict(0, 0);

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.p99()).isEqualTo(20);
    }

    @Test
    void namesMissingMessages() {
        sends("a", "t");
        sends("b", "t");
        arrives("b", 1);

        assertThat(verdict(0, 0).problems()).containsExactly("1 did not arrive: [a]");
    }

    @Test
    void namesRepeatedMessages() {
        sends("a", "t");
        arrives("a", 1);
        arrives("a", 2);

        assertThat(verdict(0, 0).problems()).containsExactly("1 arrived twice: [a]");
    }

    @Test
    void namesMessagesOutOfOrder() {
        sends("a", "t");
        sends("other", "u");
        sends("b", "t");
        arrives("b", 1);
        arrives("other", 1);
        arrives("a", 1);

        assertThat(verdict(0, 0).problems()).containsExactly("1 arrived out of order: [a]");
    }

    @Test
    void theSlowestOfAHundredMayTakeTwiceTheControlRun() {
        for (int i = 0; i < 100; i++) {
            sends("m" + i, "t");
            arrives("m" + i, i < 90 ? 1 : 700);
        }

        assertThat(verdict(300, 0).problems())
                .singleElement(STRING)
                .startsWith("p99 is 700.0 ms, the limit 600.0; the slowest: 700.0 ms, published at ");
        assertThat(verdict(400, 0).problems()).isEmpty();
    }

    @Test
    void noMessageMayTakeLongerThanFiveSeconds() {
        for (int i = 0; i < 300; i++) {
            sends("m" + i, "t" + i);
            arrives("m" + i, i == 7 ? 5001 : 20);
        }

        assertThat(verdict(0, 0).problems()).containsExactly("1 took longer than 5000 ms: [m7]");
    }

    @Test
    void aBrokenConnectionIsFelt() {
        sends("a", "t");
        arrives("a", 1);

        assertThat(verdict(0, 2).problems()).containsExactly("its MQTT connection ended or began 2 times");
    }

    @Test
    void aNeighbourThatPublishedNothingProvesNothing() {
        assertThat(verdict(0, 0).problems()).containsExactly("it published nothing");
    }

    private NeighbourVerdict verdict(double controlP99, int connectionEvents) {
        return NeighbourVerdict.of(new NeighbourVerdict.Seen(sent, sentAt, accepted, controlP99, connectionEvents));
    }

    private void sends(String id, String topic) {
        sent.add(new Sent(id, topic, ""));
        sentAt.put(id, 0L);
    }

    private void arrives(String id, long afterMillis) {
        accepted.add(new Delivery("x", "", id, "", true, 0, TimeUnit.MILLISECONDS.toNanos(afterMillis)));
    }
}
