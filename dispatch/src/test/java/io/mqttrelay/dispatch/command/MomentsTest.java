package io.mqttrelay.dispatch.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MomentsTest {
    private final Moments moments = new Moments(Instant.parse("2026-11-22T12:00:00Z"), ZoneId.of("Europe/Berlin"));

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T10:00:00Z, 2026-11-22T10:00:00Z",
        "2026-11-22T10:00Z, 2026-11-22T10:00:00Z",
        "2026-11-22T10:00:00.123Z, 2026-11-22T10:00:00.123Z",
        "2026-11-22T10:00:00+02:00, 2026-11-22T08:00:00Z",
        "2026-11-22T10:00:00-02:00, 2026-11-22T12:00:00Z",
        "2026-11-22T10:00, 2026-11-22T09:00:00Z",
        "2026-07-22T10:00:30, 2026-07-22T08:00:30Z",
        "2026-11-22, 2026-11-21T23:00:00Z",
        "24h, 2026-11-21T12:00:00Z",
        "90m, 2026-11-22T10:30:00Z",
        "7d, 2026-11-15T12:00:00Z",
        "30s, 2026-11-22T11:59:30Z",
        "0s, 2026-11-22T12:00:00Z",
        "2h ago, 2026-11-22T10:00:00Z",
        "' 2026-11-22T10:00:00Z ', 2026-11-22T10:00:00Z",
    })
    void aTimeIsReadAsPeopleWriteIt(String typed, Instant meant) {
        assertThat(moments.read(typed)).isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "yesterday",
                "10",
                "h",
                "-1h",
                "+1h",
                "1w",
                "1.5h",
                "1 h",
                "2026-13-01",
                "2026-02-30",
                "2026-11-22 10:00",
                "10:00",
                "2026-11-22T25:00",
                "9999999999d",
                "ago",
                " ago",
                "\u0661h"
            })
    void aTextThatIsNoTimeIsNull(String typed) {
        assertThat(moments.read(typed)).isNull();
    }
}
