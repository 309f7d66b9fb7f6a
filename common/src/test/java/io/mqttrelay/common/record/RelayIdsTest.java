package io.mqttrelay.common.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RelayIdsTest {
    private final SteppingClock clock = new SteppingClock(1_700_000_000_000L);
    private final RelayIds ids = new RelayIds(clock, 1);

    @Test
    void anIdIsAUuidOfVersion7ThatTellsTheTime() {
        UUID id = UUID.fromString(ids.next());
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(1_700_000_000_000L);
    }

    @Test
    void idsAreStrictlyIncreasingWhileTheClockStands() {
        assertThat(take(10_000)).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void idsIncreaseWhenTheClockStepsBackOrAhead() {
        List<String> taken = new ArrayList<>();
        for (long millis : new long[] {1_700_000_000_000L, 0, -1, 1_600_000_000_000L, 4_000_000_000_000L, 1}) {
            clock.millis = millis;
            taken.addAll(take(100));
        }
        assertThat(taken).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void noIdHasADot() {
        assertThat(take(100)).allMatch(id -> id.length() == 36 && id.indexOf('.') < 0);
    }

    @Test
    void anotherSeedGivesOtherIdsInTheSameMillisecond() {
        assertThat(new RelayIds(clock, 2).next()).isNotEqualTo(ids.next());
    }

    private List<String> take(int count) {
        return IntStream.range(0, count).mapToObj(i -> ids.next()).toList();
    }

    private static final class SteppingClock extends Clock {
        private long millis;

        SteppingClock(long millis) {
            this.millis = millis;
        }

        @Override
        public long millis() {
            return millis;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
