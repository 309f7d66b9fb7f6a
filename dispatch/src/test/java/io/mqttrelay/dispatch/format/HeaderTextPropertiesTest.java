package io.mqttrelay.dispatch.format;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The header value of any text is visible ASCII and decodes to that text. */
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
        String encoded = HeaderText.RELAY.encode(text);
        assertThat(encoded).matches("[\\x21-\\x7E]*");
        assertThat(ReceivedEvent.percentDecoded(encoded)).isEqualTo(text);
    }

    @Property
    void visibleAsciiStaysAsItIs(@ForAll("unicode") String text) {
        String visible = text.replaceAll("[^\\x21-\\x7E]|%", "");
        assertThat(HeaderText.RELAY.encode(visible)).isSameAs(visible);
    }

    @Property(tries = 50)
    void aCutTextIsTheBeginningOfTheText(@ForAll("unicode") String text) {
        String longText = (text + "é").repeat(3000);
        String cut = HeaderText.RELAY.cut(longText);
        assertThat(cut).hasSizeBetween(4096 - 11, 4096);
        assertThat(longText).startsWith(ReceivedEvent.percentDecoded(cut));
    }
}
