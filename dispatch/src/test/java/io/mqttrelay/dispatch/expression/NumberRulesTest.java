package io.mqttrelay.dispatch.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumberRulesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"9007199254740993", "1.50", "1e400", "-0", "0.0", "1E-5", "18446744073709551615", "1e999999999"})
    void aValueThatPassesThroughKeepsItsText(String number) {
        String json = "{\"n\": " + number + "}";
        assertThat(Evaluations.result("n", json)).isEqualTo(number);
        assertThat(Evaluations.result("{'x': [n, {'y': n}]}", json))
                .isEqualTo("{\"x\":[" + number + ",{\"y\":" + number + "}]}");
        assertThat(Evaluations.result("$string(n) & ''", json)).isEqualTo(number);
    }

    @Property(tries = 300)
    void anyNumberPassesThrough(@ForAll("numbers") String number) {
        assertThat(Evaluations.result("{'v': n}", "{\"n\":" + number + "}")).isEqualTo("{\"v\":" + number + "}");
    }

    @Provide
    Arbitrary<String> numbers() {
        Arbitrary<String> integers = Arbitraries.bigIntegers()
                .between(BigInteger.TWO.pow(80).negate(), BigInteger.TWO.pow(80))
                .map(BigInteger::toString);
        Arbitrary<String> decimals = Arbitraries.bigDecimals().ofScale(9).map(BigDecimal::toPlainString);
        Arbitrary<String> exponents = Arbitraries.integers().between(-999, 999).map(e -> "1.250e" + e);
        return Arbitraries.oneOf(integers, decimals, exponents);
    }

    @Property(tries = 300)
    void sumsOfWholeNumbersAreExact(@ForAll long a, @ForAll long b) {
        String json = "{\"a\":" + a + ",\"b\":" + b + "}";
        assertThat(Evaluations.result("a + b", json))
                .isEqualTo(BigInteger.valueOf(a).add(BigInteger.valueOf(b)).toString());
        assertThat(Evaluations.result("a < b", json)).isEqualTo(Boolean.toString(a < b));
        assertThat(Evaluations.result("a = b", json)).isEqualTo(Boolean.toString(a == b));
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " -> ",
            value = {
                "9007199254740993 = 9007199254740992 -> false",
                "9007199254740993 > 9007199254740992 -> true",
                "9007199254740993 + 1 -> 9007199254740994",
                "0.1 + 0.2 -> 0.3",
                "0.1 + 0.2 = 0.3 -> true",
                "1.50 = 1.5 -> true",
                "1 / 4 -> 0.25",
                "1 / 3 -> 0.333333333333333",
                "1 / 3 * 3 -> 1",
                "21.5 * 1.8 + 32 -> 70.7",
                "1e21 * 10 -> 1e+22",
                "$sum([0.1, 0.2, 0.3]) -> 0.6",
                "$sqrt(2) -> 1.4142135623731",
            })
    void computesExactly(String expression, String expected) {
        assertThat(Evaluations.result(expression, "{}")).isEqualTo(expected);
    }

    @Test
    void anInexactResultFails() {
        String json = "{\"n\": 1e400, \"big\": 1e999999999, \"long\": 1.12345678901234567890123456}";
        assertThat(Evaluations.result("long * long", json)).startsWith("!the result has more digits");
        assertThat(Evaluations.result("big > 1", json)).contains("cannot be compared or computed with exactly");
        assertThat(Evaluations.result("n * n", json)).startsWith("!the result is out of the range");
        assertThat(Evaluations.result("1 / 0", json)).startsWith("!division by zero");
    }
}
