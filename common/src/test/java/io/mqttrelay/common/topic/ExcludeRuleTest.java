package io.mqttrelay.common.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExcludeRuleTest {
    @ParameterizedTest
    @CsvSource({
        // the original's form: everything below the level, not the level itself
        "from/v1/aaa/, from/v1/aaa/b, true",
        "from/v1/aaa/, from/v1/aaa/b/c, true",
        "from/v1/aaa/, from/v1/aaa/, true",
        "from/v1/aaa/, from/v1/aaa, false",
        "from/v1/aaa/, from/v1/aaab, false",
        "from/v1/aaa/, from/v1, false",
        "+/aaa/, x/aaa/b, true",
        "+/aaa/, x/aaa, false",
        "+/aaa/, $SYS/aaa/b, false",
        "$SYS/, $SYS/uptime, true",
        "$SYS/, $SYS, false",
        "/, /a, true",
        "/, a, false",
        // an MQTT filter
        "a/+/c, a/b/c, true",
        "a/+/c, a/b/d, false",
        "a/#, a, true",
        "#, $SYS/uptime, false",
        "$SYS/#, $SYS/uptime, true",
        // an expression, searched
        "regex:/raw$, a/raw, true",
        "regex:/raw$, a/raw/b, false",
        "regex:v[0-9]+, from/v12/x, true",
        "regex:^\\$SYS, $SYS/uptime, true",
        "regex:a/, b/a/, true",
    })
    void aRuleExcludesAsItsFormSays(String rule, String topic, boolean excluded) {
        assertThat(ExcludeRule.parse(rule).matches(topic)).isEqualTo(excluded);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/#/", "#/", "a+/", "regex:", "regex:(", "regex:(a)\\1", "regex:a(?=b)", "regex:a++"})
    void refusesInvalidRules(String rule) {
        assertThatThrownBy(() -> ExcludeRule.parse(rule)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.SECONDS)
    void noExpressionTakesForEver() {
        assertThat(ExcludeRule.parse("regex:(.*a){25}x$").matches("a".repeat(60) + "!"))
                .isFalse();
        assertThat(ExcludeRule.parse("regex:^(x|/)*$").matches("x/".repeat(32_000)))
                .isTrue();
    }

    @Test
    void aRuleIsToldAsItWasWritten() {
        assertThat(ExcludeRule.parse("from/v1/aaa/"))
                .hasToString("from/v1/aaa/")
                .isEqualTo(ExcludeRule.parse("from/v1/aaa/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "(?:", "[", "a{1000}", "(?:a?){100}", "a|"})
    void noExpressionIsSoLargeThatItTakesTheThreadsStack(String part) throws InterruptedException {
        AtomicReference<Throwable> escaped = new AtomicReference<>();
        Thread small = new Thread(null, () -> parseAndMatch(part), "small", 256 << 10);
        small.setUncaughtExceptionHandler((thread, failure) -> escaped.set(failure));
        small.start();
        small.join(30_000);
        assertThat(escaped).hasNullValue();
        assertThat(small.isAlive()).isFalse();
    }

    private static void parseAndMatch(String part) {
        for (int times : new int[] {1, 5, 30, 200, 5000, 50_000}) {
            String close = part.startsWith("(") && !part.endsWith("}") ? ")" : "";
            try {
                ExcludeRule.parse("regex:" + part.repeat(times) + "z" + close.repeat(times))
                        .matches("a".repeat(65_000));
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    @Test
    void matchesCostlyExpressionsAtOnce() {
        String topic = "x/".repeat(32_000);
        assertThat(ExcludeRule.parse("regex:s/(.*a){25}/x").matches("s/" + "a".repeat(60)))
                .isFalse();
        assertThat(ExcludeRule.parse("regex:^(x|/)*$").matches(topic)).isTrue();
    }
}
