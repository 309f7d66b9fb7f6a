package io.mqttrelay.common.log;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinesTest {
    @Test
    void aLineBreakIsWrittenOut() {
        assertThat(escape("a\n2026 ERROR fake\r\tb")).isEqualTo("a\\n2026 ERROR fake\\r\\tb");
    }

    @ParameterizedTest
    @CsvSource({
        "27, \\u001b",
        "0, \\u0000",
        "127, \\u007f",
        "133, \\u0085",
        "8238, \\u202e",
        "8294, \\u2066",
        "8232, \\u2028",
        "65279, \\ufeff",
    })
    void escapesCursorMovesAndDirectionMarks(int codePoint, String expected) {
        assertThat(escape(Character.toString(codePoint))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"Grüße", "温度", "😀", "a/b c"})
    void textOfAnyLanguageStays(String text) {
        assertThat(escape(text)).isEqualTo(text);
    }

    @Property
    void writesOneLineWithoutControlCharacters(@ForAll String text) {
        assertThat(escape(text).codePoints())
                .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT);
        StringBuilder json = new StringBuilder();
        Lines.json(json, text);
        assertThat(json.codePoints())
                .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT);
    }

    private static String escape(String text) {
        StringBuilder line = new StringBuilder();
        Lines.escape(line, text);
        return line.toString();
    }
}
