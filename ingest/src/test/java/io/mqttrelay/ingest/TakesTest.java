package io.mqttrelay.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which topics a route takes while its filters change. */
class TakesTest {
    private final Takes before = Takes.of(RunningIngest.routeOf("old/#"));
    private final Takes changing = before.change(RunningIngest.routeOf("new/#"));
    private final Takes after = changing.othersGone();

    @Test
    void takesFiltersThatGoUntilTheBrokerHasRemovedThem() {
        assertThat(changing.matches("old/1")).isTrue();
        assertThat(changing.matches("new/1")).isTrue();
        assertThat(after.matches("old/1")).isFalse();
        assertThat(after.wasRemoved("old/1")).isTrue();
    }

    @Test
    void doesNotTakeForRemovedATopicThatTheBrokerRewrote() {
        assertThat(before.matches("mount/old/1")).isFalse();
        assertThat(before.wasRemoved("mount/old/1")).isFalse();
        assertThat(after.wasRemoved("mount/new/1")).isFalse();
    }

    @Test
    void aFilterThatComesBackIsTaken() {
        Takes again = after.change(RunningIngest.routeOf("old/#"));
        assertThat(again.matches("old/1")).isTrue();
        assertThat(again.othersGone().wasRemoved("new/1")).isTrue();
    }
}
