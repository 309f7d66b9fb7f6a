package io.mqttrelay.dispatch.format;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Media types as an HTTP client reads them. */
class MediaTypeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/vnd.api+json",
                "text/plain;charset=utf-8",
                "text/plain; charset=\"utf-8\"",
                "text/plain; charset=utf-8; a=b",
                "text/plain;",
                "text/plain; ;a=b"
            })
    void theseAreMediaTypes(String text) {
        assertThat(MediaType.isMediaType(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text",
                "text/",
                "/plain",
                "text /plain",
                "text/plain ",
                "text/plain charset=utf-8",
                "text/plain; charset",
                "text/plain; charset=",
                "text/plain; charset=\"utf-8",
                "text/plain; charset=\"utf-8\"x",
                "a/b/c",
                "größe/x"
            })
    void theseAreNot(String text) {
        assertThat(MediaType.isMediaType(text)).isFalse();
    }

    @Provide
    Arbitrary<String> nearlyMediaTypes() {
        return Arbitraries.of("a/b", "/", ";", "; ", " ", "a", "=", "a=b", "\"", "\"a b\"", "\t", "é", "+", ",")
                .list()
                .ofMaxSize(8)
                .map(parts -> String.join("", parts));
    }

    /** The client of HTTP callbacks is the second opinion. */
    @Property(tries = 5000)
    void theHttpClientAgrees(@ForAll("nearlyMediaTypes") String text, @ForAll("nearlyMediaTypes") String rest) {
        for (String each : new String[] {text, "a/b" + rest}) {
            assertThat(MediaType.isMediaType(each)).isEqualTo(okhttp3.MediaType.parse(each) != null);
        }
    }
}
