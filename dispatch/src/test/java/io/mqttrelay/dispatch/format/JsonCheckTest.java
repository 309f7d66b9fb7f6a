package io.mqttrelay.dispatch.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON as defined by RFC 8259, and nothing more. */
class JsonCheckTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static boolean isJson(String text) {
        return JsonCheck.isJson(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "0",
                "-1.5E+10",
                "\"\"",
                "true",
                "false",
                "null",
                " \t\r\n{ } \n",
                "{\"a\":1,\"a\":2}",
                "\"\\u0000\"",
                "\"é😀\"",
                "[1,[2,[3]]]"
            })
    void jsonIsJson(String text) {
        assertThat(isJson(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "}",
                "[1,]",
                "{\"a\":1,}",
                "{a:1}",
                "{'a':1}",
                "'a'",
                "01",
                "1.",
                ".5",
                "+1",
                "-",
                "0x1",
                "NaN",
                "Infinity",
                "-Infinity",
                "tru",
                "truex",
                "True",
                "nul",
                "1 2",
                "{} {}",
                "[] x",
                "// c\n1",
                "/**/1",
                "1 # c",
                "\"a",
                "\"\n\"",
                "\"\u0001\"",
                "\"\\x\"",
                "\"\\u12\"",
                "\f1",
                "\u00a01",
                "\uFEFF1",
                "1\0",
                "\"a\"\"b\"",
                "[1 2]",
                "{\"a\" 1}",
                "[1]]",
                "(1)"
            })
    void nothingElseIs(String text) {
        assertThat(isJson(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "22c08022", // an overlong NUL
                "22eda08022", // a surrogate
                "22f490808022", // beyond Unicode
                "22c322", // a truncated sequence
                "22ff22",
                "7b007d00", // UTF-16
                "007b007d",
                "7b0000007d000000", // UTF-32
                "efbbbf7b7d", // a byte order mark
                "fffe7b007d00"
            })
    void onlyUtf8IsJson(String hex) {
        assertThat(JsonCheck.isJson(HexFormat.of().parseHex(hex))).isFalse();
    }

    @Test
    void nestingIsBounded() {
        int max = JsonCheck.MAX_DEPTH;
        assertThat(isJson("[".repeat(max) + "]".repeat(max))).isTrue();
        assertThat(isJson("[".repeat(max + 1) + "]".repeat(max + 1))).isFalse();
        assertThat(isJson("[".repeat(100_000) + "]".repeat(100_000))).isFalse();
        assertThat(isJson("{\"a\":".repeat(100_000))).isFalse();
    }

    @Test
    void sizeIsNot() {
        assertThat(isJson("9".repeat(1_000_000))).isTrue();
        assertThat(isJson("1." + "9".repeat(100_000))).isTrue();
        assertThat(isJson("{\"" + "n".repeat(100_000) + "\":\"" + "s".repeat(1_000_000) + "\"}"))
                .isTrue();
    }

    @Provide
    Arbitrary<String> nearlyJson() {
        return Arbitraries.of(
                        "{", "}", "[", "]", ",", ":", "\"", "a", "\"a\"", "1", "-", ".", "e", "0", "true", "null", " ",
                        "\\", "é")
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join("", parts));
    }

    /** In both paths: eight bytes at a time, and one. */
    @Property
    void invalidUtf8AtAnyPositionIsNotJson(
            @ForAll @IntRange(max = 40) int before, @ForAll @IntRange(max = 40) int after, @ForAll byte bad) {
        byte[] text = ("\"" + "a".repeat(before) + "?" + "z".repeat(after) + "\"").getBytes(StandardCharsets.UTF_8);
        text[1 + before] = bad;
        boolean plain = bad >= ' ' && bad != '"' && bad != '\\';
        assertThat(JsonCheck.isJson(text)).isEqualTo(plain);
    }

    @Property
    void validUtf8AtAnyPositionIsJson(@ForAll @IntRange(max = 40) int before, @ForAll @IntRange(max = 40) int after) {
        assertThat(isJson("\"" + "a".repeat(before) + "é" + "b".repeat(after) + "\""))
                .isTrue();
    }

    @Test
    void noControlCharacterIsInJsonWhereverItStands() {
        String text = "{\"a\": [1, true, \"b\"]} ";
        assertThat(isJson(text)).isTrue();
        for (char control = 0; control < ' '; control++) {
            if (control == '\t' || control == '\n' || control == '\r') {
                continue;
            }
            for (int place = 0; place <= text.length(); place++) {
                String with = text.substring(0, place) + control + text.substring(place);
                assertThat(isJson(with)).as("%d at %d", (int) control, place).isFalse();
            }
        }
    }

    /** The tree reader, strict about trailing text, is the second opinion. */
    @Property(tries = 5000)
    void theTreeReaderAgrees(@ForAll("nearlyJson") String text) {
        boolean readable;
        try {
            readable = !MAPPER.reader()
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readTree(text)
                    .isMissingNode();
        } catch (JsonProcessingException e) {
            readable = false;
        }
        assertThat(isJson(text)).isEqualTo(readable);
    }
}
