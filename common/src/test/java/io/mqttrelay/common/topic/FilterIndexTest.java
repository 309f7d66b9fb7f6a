package io.mqttrelay.common.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The correctness of the found filters is tested by {@link TopicFilterPropertyTest}. */
class FilterIndexTest {
    private static final int MANY = 30_000;

    private final FilterIndex index = new FilterIndex();

    @Test
    void thirtyThousandFiltersAreComparedInASecond() {
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            for (int i = 0; i < MANY; i++) {
                TopicFilter filter = TopicFilter.parse("plant/" + i % 100 + "/+/line" + i + "/#");
                assertThat(index.overlapping(filter, 10)).isEmpty();
                index.add(filter);
            }
        });
        assertThat(index.overlapping(TopicFilter.parse("plant/77/x/line177/y"), 10))
                .containsExactly(177);
    }

    @Test
    void filtersThatAllOverlapAreComparedAsFast() {
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            for (int i = 0; i < MANY; i++) {
                TopicFilter filter = TopicFilter.parse(i % 2 == 0 ? "+/" + i : i + "/#");
                assertThat(index.overlapping(filter, 10)).hasSizeLessThanOrEqualTo(10);
                index.add(filter);
            }
        });
    }

    @Test
    void aFilterOfMoreLevelsThanTheStackHoldsIsFound() {
        TopicFilter deep = TopicFilter.parse("a/".repeat(30_000) + "#");
        assertThat(index.overlapping(deep, 10)).isEmpty();
        index.add(deep);
        index.add(TopicFilter.parse("a/+/#"));
        assertThat(index.overlapping(deep, 10)).containsExactly(0, 1);
        assertThat(index.overlapping(TopicFilter.parse("a/#"), 10)).containsExactly(0, 1);
    }
}
