package io.mqttrelay.dispatch.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HostileExpressionTest {
    private static final String TEXT = "x".repeat(1000);

    @ParameterizedTest
    @CsvSource(
            delimiterString = " -> ",
            quoteCharacter = '`',
            value = {
                "($f := function($x){ $f($x + 1) }; $f(0)) -> steps",
                "($f := function($x){ 1 + $f($x + 1) }; $f(0)) -> nested",
                "($f := function($x){ [$f($x), $f($x)] }; $f(0)) -> nested",
                "[1..10000000] -> 16 MB",
                "[1..9000000000000] -> 16 MB",
                "$map([1..1000], function($i){ $map([1..1000], function($j){ $i }) }) -> steps",
                "$reduce([1..60], function($s, $i){ $s & $s }, 'x') -> 1 MB",
                "$reduce([1..60], function($s, $i){ [$s, $s] }, 1) -> 16 MB",
                "$reduce([1..60], function($s, $i){ {'a': $s, 'b': $s} }, 1) -> 1 MB",
                "$string($reduce([1..60], function($s, $i){ {'a': $s, 'b': $s} }, 1)) -> 1 MB",
                "($d := $reduce([1..60], function($s, $i){ {'a': $s, 'b': $s} }, 1); $d = $clone($d)) -> 16 MB",
                "($d := $reduce([1..60], function($s, $i){ {'a': $s, 'b': $s} }, 1); $count($d.**)) -> 16 MB",
                "$pad('x', 2000000000) -> 1 MB",
                "$pad('x', -2000000000, 'ab') -> 1 MB",
                "$join($map([1..5000], function($i){ text })) -> 1 MB",
                "$replace($join($map([1..900], function($i){ text })), 'x', text) -> MB",
                "$formatNumber(1e300 * 1e99, '0') ~> $length -> 400",
                "$power(10, 400) * $power(10, 400) -> range",
                "$formatInteger(9007199254740991, 'I') -> too large",
                "$fromMillis(0, '[Y,*-999999999]') -> width",
                "$toMillis('11111111111111111111x', '[Y][Y][Y][Y][Y][Y][Y][Y][Y][Y]') -> 8 components",
                "$append([1..200000], [1..200000]) -> steps",
                "$sort([1..60000], function($a, $b){ true }) -> steps",
                "$match(text, /x*y*?z*/) -> empty",
            })
    void endsByItsLimits(String expression, String expected) {
        assertThat(Evaluations.result(expression, "{\"text\":\"" + TEXT + "\"}"))
                .contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$match(text, /(x+x+)+y/)",
                "$contains(text, /(a|aa|x)*$y/)",
                "$split(text, /(x*)*y/)",
                "$replace(text, /((x|xx)+)+y/, '')",
            })
    void regularExpressionsDoNotBacktrack(String expression) {
        long began = System.nanoTime();
        String result = Evaluations.result(expression, "{\"text\":\"" + "x".repeat(20_000) + "\"}");
        assertThat(result == null || !result.startsWith("!!")).isTrue();
        assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(20));
    }

    @Test
    void refusesAnExpressionThatIsNestedTooDeep() {
        assertThatThrownBy(() -> Expression.compile("(".repeat(30_000) + "1" + ")".repeat(2_000)))
                .isInstanceOf(InvalidExpressionException.class);
        assertThatThrownBy(() -> Expression.compile("1".repeat(40_000))).isInstanceOf(InvalidExpressionException.class);
        String deep = "[".repeat(150) + "1" + "]".repeat(150);
        assertThat(Evaluations.result(deep, "{}")).contains("more than 100 nested evaluations");
    }

    @Test
    void tellsATimeoutFromAFailure() {
        AtomicLong now = new AtomicLong();
        Expression slow = Expression.compile("$sum([1..9000])", () -> now.addAndGet(400_000_000L));
        assertThat(slow.evaluate(Map.of())).isInstanceOf(Evaluation.TimedOut.class);
        Expression quick = Expression.compile("$sum([1..10])", () -> now.addAndGet(400_000_000L));
        assertThat(quick.evaluate(Map.of())).isInstanceOf(Evaluation.Value.class);
    }

    @Test
    void anEndlessSearchIsStoppedByTheClock() {
        AtomicLong now = new AtomicLong();
        Expression slow = Expression.compile("$match(text, /[a-z]+y/)", () -> now.addAndGet(1_000_000_000L));
        assertThat(slow.evaluate(Map.of("text", "x".repeat(100_000)))).isInstanceOf(Evaluation.TimedOut.class);
    }

    @Test
    void doesNotChangeItsInput() {
        String json = "{\"a\":{\"b\":[]},\"c\":[1]}";
        assertThat(Evaluations.result("($ ~> |a|{'x': 1}|; a.b.{'k': 1}; $)", json))
                .isEqualTo(json);
        assertThat(Evaluations.result("$ ~> |$$.a|{'x': 1}|", json)).contains("of its argument only");
    }
}
