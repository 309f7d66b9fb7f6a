package io.mqttrelay.common.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each entry has one meaning, or is refused. */
class EgressRuleTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0/8",
        "10.1.2.3/32, 10.1.2.3",
        "10.1.2.3, 10.1.2.3",
        "0.0.0.0/0, 0.0.0.0/0",
        "::/0, 0:0:0:0:0:0:0:0/0",
        "FD00::/8, fd00:0:0:0:0:0:0:0/8",
        "::ffff:10.0.0.0/104, 10.0.0.0/8",
        "::ffff:10.1.2.3, 10.1.2.3",
        "Hooks.Example., hooks.example",
        "*.example, *.example",
        "docker_host, docker_host",
        "xn--bcher-kva.example, xn--bcher-kva.example"
    })
    void aRuleIsReadInItsOneForm(String text, String canonical) {
        assertThat(EgressRule.parse(text)).hasToString(canonical);
        assertThat(EgressRule.parse(canonical))
                .isEqualTo(EgressRule.parse(text))
                .hasSameHashCodeAs(EgressRule.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/08",
                "10.0.0.0/8/8",
                "10.0.0/8",
                "10/8",
                "10.0.0.256",
                "010.0.0.1",
                "0x7f.1",
                "127.1",
                "2130706433",
                "0x7f000001",
                "1.2.3.4.",
                "1.2.3.4.5",
                "fd00::/129",
                "fd00::1/8",
                "::ffff:10.0.0.0/95",
                "fe80::1%eth0",
                "[::1]",
                "::g",
                ":::",
                "a:b",
                "http://h/",
                "h:80",
                "*",
                "*.*.x",
                "a*.x",
                "-a.x",
                "a..x",
                "bücher.example",
                "a b",
                "user@host",
                "10.0.0.1/8"
            })
    void refusesInvalidAndAmbiguousEntries(String text) {
        assertThatThrownBy(() -> EgressRule.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
