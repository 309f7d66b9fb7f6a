package io.mqttrelay.dispatch.sink.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever text a device chose, its header value is visible ASCII and means that text. */
class HeaderTextPropertiesTest {
    @Provide
    Arbitrary<String> unicode() {
        Arbitrary<Integer> any = Arbitraries.integers()
                .between(0, 0x10FFFF)
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE);
        Arbitrary<Integer> ascii = Arbitraries.integers().between(0, 0x7F);
        return Arbitraries.oneOf(any, ascii)
                .map(Character::toString)
                .list()
                .ofMaxSize(300)
                .map(characters -> String.join("", characters));
    }

    @Property
    void theEncodedFormIsVisibleAsciiAndMeansTheText(@ForAll("unicode") String text) {
        String encoded = HeaderText.encode(text);
        assertThat(encoded).matches("[\\x21-\\x7E]*");
        assertThat(decode(encoded)).isEqualTo(text);
    }

    @Property
    void visibleAsciiStaysAsItIs(@ForAll("unicode") String text) {
        String visible = text.replaceAll("[^\\x21-\\x7E]|%", "");
        assertThat(HeaderText.encode(visible)).isSameAs(visible);
    }

    @Property(tries = 50)
    void aCutTextIsTheBeginningOfTheText(@ForAll("unicode") String text) {
        String longText = (text + "é").repeat(3000);
        String cut = HeaderText.cut(longText);
        assertThat(cut).hasSizeBetween(HeaderText.MAX_LENGTH - 11, HeaderText.MAX_LENGTH);
        assertThat(longText).startsWith(decode(cut));
    }

    private static String decode(String encoded) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < encoded.length(); i++) {
            if (encoded.charAt(i) == '%') {
                bytes.write(Integer.parseInt(encoded.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.write(encoded.charAt(i));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
