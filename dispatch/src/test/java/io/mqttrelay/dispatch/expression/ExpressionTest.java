package io.mqttrelay.dispatch.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {
    private static final String INPUT = "{'a': 1, 'b': {'c': [1, 2, 3], 'd': 'text'}, 'items': [{'n': 'x', 'v': 1},"
            + " {'n': 'y', 'v': 2}, {'n': 'x', 'v': 4}], 'one': [{'v': 7}], 'empty': [], 'no': null, 'yes': true}";

    private static String json() {
        return INPUT.replace('\'', '"');
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " -> ",
            quoteCharacter = '`',
            value = {
                "a -> 1",
                "b.c -> [1,2,3]",
                "b.c[0] -> 1",
                "b.c[-1] -> 3",
                "b.c[[0..1]] -> [1,2]",
                "b.c[$ > 1] -> [2,3]",
                "items.v -> [1,2,4]",
                "items[n='x'].v -> [1,4]",
                "items[v=2].n -> y",
                "items[0].v -> 1",
                "one.v -> 7",
                "one.v[] -> [7]",
                "[one.v] -> [7]",
                "items^(>v).v -> [4,2,1]",
                "items^(n, >v).v -> [4,1,2]",
                "items{n: $sum(v)} -> {\"x\":5,\"y\":2}",
                "items.{n: v} -> [{\"x\":1},{\"y\":2},{\"x\":4}]",
                "items.(v * 2) -> [2,4,8]",
                "$sum(items.v) -> 7",
                "$max(items.v) & '-' & $min(items.v) -> 4-1",
                "$average(b.c) -> 2",
                "$count(items) -> 3",
                "b.* -> [1,2,3,\"text\"]",
                "$count(**) -> 20",
                "[1..3].($ * $) -> [1,4,9]",
                "a in b.c -> true",
                "9 in b.c -> false",
                "a = 1 and b.d = 'text' -> true",
                "a = 2 or yes -> true",
                "a > 0 ? 'up' : 'down' -> up",
                "missing ?: 'other' -> other",
                "missing ?? 'other' -> other",
                "$exists(missing) -> false",
                "no -> null",
                "$type(no) -> null",
                "($x := a + 1; $x * 2) -> 4",
                "($f := function($n){ $n <= 1 ? 1 : $n * $f($n - 1) }; $f(6)) -> 720",
                "($loop := function($n, $s){ $n = 0 ? $s : $loop($n - 1, $s + $n) }; $loop(500, 0)) -> 125250",
                "$map(b.c, function($v, $i){ $v + $i }) -> [1,3,5]",
                "$map(b.c, $string) -> [\"1\",\"2\",\"3\"]",
                "$filter(b.c, function($v){ $v > 1 }) -> [2,3]",
                "$reduce(b.c, function($s, $v){ $s + $v }, 10) -> 16",
                "$single(b.c, function($v){ $v = 2 }) -> 2",
                "b.d ~> $uppercase -> TEXT",
                "b.d ~> $substring(1, 2) ~> $uppercase() -> EX",
                "($up := $uppercase ~> $trim; $up(' a ')) -> A",
                "($first := $substring(?, 0, 1); $first(b.d)) -> t",
                "b.d.$uppercase() -> TEXT",
                "$ ~> |b|{'d': 'new'}, 'c'| ~> $lookup('b') -> {\"d\":\"new\"}",
                "$merge([{'x': 1}, {'y': 2}]) -> {\"x\":1,\"y\":2}",
                "$keys(b) -> [\"c\",\"d\"]",
                "$each({'x': 1, 'y': 2}, function($v, $k){ $k & $v }) -> [\"x1\",\"y2\"]",
                "$sift({'x': 1, 'y': 2}, function($v){ $v > 1 }) -> {\"y\":2}",
                "$spread({'x': 1, 'y': 2}) -> [{\"x\":1},{\"y\":2}]",
                "$zip([1, 2], ['a', 'b']) -> [[1,\"a\"],[2,\"b\"]]",
                "$distinct([1, 2, 1, {'a': 1}, {'a': 1}]) -> [1,2,{\"a\":1}]",
                "$sort(['b', 'a']) -> [\"a\",\"b\"]",
                "$sort([1, 3, 2], function($l, $r){ $l < $r }) -> [3,2,1]",
                "$append(1, [2, 3]) -> [1,2,3]",
                "$reverse(b.c) -> [3,2,1]",
                "[[1, 2], [3]] -> [[1,2],[3]]",
                "[b.c, 4] -> [1,2,3,4]",
                "$.b.d -> text",
                "$$.b.d -> text",
                "$not(yes) -> false",
                "$boolean([0, 0]) -> false",
                "-a -> -1",
                "-(a + 1) -> -2",
                "7 % 4 -> 3",
                "$string({'x': [1, 'é\"']}) -> {\"x\":[1,\"é\\\"\"]}",
            })
    void evaluates(String expression, String expected) {
        assertThat(Evaluations.result(expression, json())).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " -> ",
            quoteCharacter = '`',
            value = {
                "$substring('hello', -3, 2) -> ll",
                "$substringBefore('a/b', '/') -> a",
                "$substringAfter('a/b', '/') -> b",
                "$length('a😀') -> 2",
                "$trim('  a \\n b ') -> a b",
                "$pad('5', -3, '0') -> 005",
                "$pad('5', 3, '#') -> 5##",
                "$contains('temp-7', /[0-9]/) -> true",
                "$contains('temp', 'em') -> true",
                "$match('a1b22', /([a-z])([0-9]+)/).groups[1] -> [\"1\",\"22\"]",
                "$match('a1b22', /[0-9]+/)[1].match -> 22",
                "$split('a, b,c', /,\\s*/) -> [\"a\",\"b\",\"c\"]",
                "$split('a/b/c', '/', 2) -> [\"a\",\"b\"]",
                "$split('ab', '') -> [\"a\",\"b\"]",
                "$join(['a', 'b'], '-') -> a-b",
                "$replace('a.b.c', '.', '/') -> a/b/c",
                "$replace('John Smith', /(\\w+)\\s(\\w+)/, '$2, $1') -> Smith, John",
                "$replace('a1', /[0-9]/, function($m){ $string($number($m.match) + 1) }) -> a2",
                "$base64encode('hi') -> aGk=",
                "$base64decode('aGk=') -> hi",
                "$encodeUrlComponent('a b/ü') -> a%20b%2F%C3%BC",
                "$decodeUrlComponent('a%20b') -> a b",
                "$encodeUrl('http://h/a b?x=1') -> http://h/a%20b?x=1",
                "$formatNumber(1234.5, '#,##0.00') -> 1,234.50",
                "$formatBase(255, 16) -> ff",
                "$formatInteger(2024, 'I') -> MMXXIV",
                "$fromMillis(0) -> 1970-01-01T00:00:00.000Z",
                "$fromMillis(1510067557121, '[Y0001]/[M01]/[D01]') -> 2017/11/07",
                "$toMillis('2017-11-07T15:12:37.121Z') -> 1510067557121",
                "$toMillis('07/11/2017', '[D01]/[M01]/[Y0001]') -> 1510012800000",
                "$round(2.5) & ' ' & $round(3.14159, 2) & ' ' & $floor(-1.5) & ' ' & $ceil(1.2) -> 2 3.14 -2 2",
                "$power(2, 10) & ' ' & $sqrt(9) & ' ' & $abs(-3) -> 1024 3 3",
                "$number('1.50') -> 1.50",
            })
    void hasTheFunctions(String expression, String expected) {
        assertThat(Evaluations.result(expression, json())).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", "missing.more", "empty", "$uppercase(missing)", "missing + 1", "missing < 1"})
    void yieldsNothing(String expression) {
        String json = json().replace("\"empty\": [], ", "");
        assertThat(Evaluations.result(expression, json)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " -> ",
            quoteCharacter = '`',
            value = {
                "1 + -> 3",
                "payload.a + $now() -> 16",
                "$foo(1) -> 4",
                "$millis() -> 7",
                "$random() -> 7",
                "$shuffle([1]) -> 8",
                "$eval('1') -> 5",
                "($f := $eval; $f('1')) -> 12",
                "$eval(?) -> 5",
                "'1' ~> $eval -> 12",
                "$map(['1'], $eval) -> 17",
                "($now := 1; $now) -> 8",
                "function($eval){1}(1) -> 14",
                "($a := 1); $a -> 10",
                "a.%.b -> 1",
                "a#$i.b -> 1",
                "/(?=x)/ -> 7",
                "(a -> 2",
            })
    void isRefusedAtStartWithItsPosition(String expression, int position) {
        assertThatThrownBy(() -> Expression.compile(expression))
                .isInstanceOfSatisfying(
                        InvalidExpressionException.class,
                        e -> assertThat(e.position()).as(e.getMessage()).isEqualTo(position));
    }

    @Test
    void readsNamesInBackticks() {
        assertThat(Evaluations.result("`b`.d", json())).isEqualTo("text");
    }

    @Test
    void namesTheErrorAndItsPosition() {
        assertThat(Evaluations.result("a + b.d", json()))
                .isEqualTo("!the right side of + must be a number, not string (at character 3 of the expression)");
        assertThat(Evaluations.result("$error('no ' & a)", json())).startsWith("!no 1 (at character");
        assertThat(Evaluations.result("b.d()", json())).contains("must be a function, not string");
    }

    @Test
    void isSharedByThreads() throws Exception {
        Expression expression = Expression.compile("($n := a; $sum($map([1..50], function($v){ $v * $n })) )");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<String>> calls = IntStream.range(0, 400)
                    .<Callable<String>>mapToObj(i -> () ->
                            String.valueOf(Evaluations.text(expression.evaluate(Map.of("a", JsonInput.number(i))))))
                    .toList();
            List<Future<String>> results = threads.invokeAll(calls, 60, TimeUnit.SECONDS);
            for (int i = 0; i < results.size(); i++) {
                assertThat(results.get(i).get()).isEqualTo(Integer.toString(1275 * i));
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
