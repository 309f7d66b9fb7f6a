package io.mqttrelay.dispatch.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.TestApps;
import io.mqttrelay.dispatch.window.AppWindows;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

final class QuarantineTest {
    private long nanos;
    private final List<String> changes = new ArrayList<>();
    private final Quarantine quarantine =
            new Quarantine((assignment, aside) -> changes.add(assignment + " " + aside), () -> nanos);
    private final AppWindows app = TestApps.windows(TestApps.app("app", 1));
    private final Assignment bad = TestApps.assignment(new TopicPartition("bad", 0), app, 10, null);
    private final Assignment good = TestApps.assignment(new TopicPartition("good", 0), app, 10, null);

    @Test
    void fetchesAgainOnceBeforeItSetsAside() {
        quarantine.failed(bad, 10, "corrupt");
        assertThat(quarantine.isAside(bad)).isFalse();
        assertThat(quarantine.problems()).isEmpty();

        quarantine.failed(bad, 10, "corrupt");
        assertThat(quarantine.isAside(bad)).isTrue();
        assertThat(quarantine.isAside(good)).isFalse();
        assertThat(changes).containsExactly("bad-0 true");
        assertThat(quarantine.problems()).containsExactly("bad-0 cannot be read at offset 10: corrupt");
        assertThat(quarantine.of("app")).isEqualTo(1);
    }

    @Test
    void aFailureFartherOnIsAnother() {
        quarantine.failed(bad, 10, "corrupt");
        quarantine.failed(bad, 11, "corrupt");
        assertThat(quarantine.isAside(bad)).isFalse();
    }

    @Test
    void triesAgainAfterThirtySeconds() {
        quarantine.refused(bad, 10, "forbidden");
        nanos += TimeUnit.SECONDS.toNanos(30) - 1;
        quarantine.step();
        assertThat(quarantine.isAside(bad)).isTrue();

        nanos++;
        quarantine.step();
        assertThat(quarantine.isAside(bad)).isFalse();
        assertThat(quarantine.problems()).as("not read yet").hasSize(1);

        quarantine.failed(bad, 10, "corrupt");
        assertThat(quarantine.isAside(bad)).as("one failure is enough now").isTrue();
    }

    @Test
    void endsWithTheFirstRecordThatIsRead() {
        quarantine.refused(bad, 10, "forbidden");
        quarantine.progressed(bad, 10);
        assertThat(quarantine.problems()).hasSize(1);
        quarantine.progressed(bad, 11);
        assertThat(quarantine.problems()).isEmpty();
        assertThat(changes).containsExactly("bad-0 true", "bad-0 false");
    }

    @Test
    void forgetsPartitionsThatWereGivenAway() {
        quarantine.refused(bad, 10, "forbidden");
        bad.end();
        quarantine.step();
        assertThat(quarantine.problems()).isEmpty();
        assertThat(quarantine.of("app")).isZero();
    }
}
