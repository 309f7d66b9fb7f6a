package io.mqttrelay.common.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of MQTT 5.0, section 4.7, and surprising cases. */
class TopicFilterTest {
    @ParameterizedTest
    @CsvSource({
        "sport/tennis/player1/#, sport/tennis/player1, true",
        "sport/tennis/player1/#, sport/tennis/player1/ranking, true",
        "sport/tennis/player1/#, sport/tennis/player1/score/wimbledon, true",
        "sport/#, sport, true",
        "#, sport/tennis, true",
        "#, /, true",
        "sport/tennis/+, sport/tennis/player1, true",
        "sport/tennis/+, sport/tennis/player1/ranking, false",
        "sport/+, sport, false",
        "sport/+, sport/, true",
        "+/+, /finance, true",
        "/+, /finance, true",
        "+, /finance, false",
        "#, $SYS/uptime, false",
        "+/uptime, $SYS/uptime, false",
        "$SYS/#, $SYS/uptime, true",
        "$SYS/+, $SYS/uptime, true",
        "a/+, a/$b, true",
        "from/v1/#, from/v10, false",
        "a/b, a/B, false",
        "a, a/, false",
        "a/, a, false",
        "+/b/#, a/b, true",
    })
    void aFilterMatchesAsMqttSays(String filter, String topic, boolean matches) {
        assertThat(TopicFilter.parse(filter).matches(topic)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({
        "a/+, +/b, true",
        "a/#, a, true",
        "a/#, a/b/c, true",
        "a/+, a, false",
        "a, a, true",
        "a/b, a/c, false",
        "#, $SYS/#, false",
        "+/a, $SYS/+, false",
        "$SYS/#, $SYS/+, true",
        "#, +/+/+, true",
        "a/+/c, a/b/d, false",
    })
    void filtersOverlapWhenOneTopicIsMeantByBoth(String one, String other, boolean overlap) {
        assertThat(TopicFilter.parse(one).overlaps(TopicFilter.parse(other))).isEqualTo(overlap);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "#/a", "a/#/b", "a#", "a/b#", "+a", "a+", "a/b+/c", "a\0b", "\uD800", "##", "++"})
    void refusesInvalidFilters(String text) {
        assertThatThrownBy(() -> TopicFilter.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFilterMayBeAsLongAsMqttAllowsAndNoLonger() {
        String longest = "ä".repeat(32_767) + "a";
        assertThat(TopicFilter.parse(longest).matches(longest)).isTrue();
        assertThatThrownBy(() -> TopicFilter.parse(longest + "a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65535");
    }

    @Test
    void filtersAreEqualByTheirText() {
        assertThat(TopicFilter.parse("a/+")).isEqualTo(TopicFilter.parse("a/+")).hasToString("a/+");
        assertThat(TopicFilter.parse("a/+")).isNotEqualTo(TopicFilter.parse("a/#"));
    }
}
