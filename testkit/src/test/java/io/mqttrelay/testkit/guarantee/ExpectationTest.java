package io.mqttrelay.testkit.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpectationTest {
    @ParameterizedTest
    @CsvSource({
        "from/v1/#, from/v1, true",
        "from/v1/#, from/v1/a/b, true",
        "from/v1/#, from/v10, false",
        "from/+/x, from//x, true",
        "from/+/x, from/a/b/x, false",
        "from/+, from, false",
        "+/x, /x, true",
        "#, a/b, true",
        "#, $SYS/x, false",
        "+/x, $SYS/x, false",
        "$SYS/#, $SYS/x, true",
        "a.c/#, abc/d, false",
    })
    void filtersMatchAsInMqtt(String filter, String topic, boolean wanted) {
        assertThat(Expectation.of("http://a", filter).wants(topic)).isEqualTo(wanted);
    }

    @ParameterizedTest
    @CsvSource({
        "from/v1/aaa/, from/v1/aaa/x, false",
        "from/v1/aaa/, from/v1/aaa/x/y, false",
        "from/v1/aaa/, from/v1/aaa/, false",
        "from/v1/aaa/, from/v1/aaa, true",
        "from/v1/aaa/, from/v1/aaab, true",
        "from/+/aaa/, from/v1/aaa/x, false",
        "from/+/aaa/, from/v1/aaa, true",
        "from/v1/+, from/v1/x, false",
        "from/v1/+, from/v1/x/y, true",
        "regex:/aa+/, from/aaa/x, false",
        "regex:^aa, from/aaa/x, true",
    })
    void exclusionsMatchAsTheirRule(String rule, String topic, boolean wanted) {
        assertThat(Expectation.of("http://a", "#").excluding(rule).wants(topic)).isEqualTo(wanted);
    }
}
