package io.mqttrelay.dispatch.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.record.UserProperty;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The trace context of a message arrives at the callback; an invalid one does not. */
class TraceContextTest {
    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final UserProperty TRACE = new UserProperty("traceparent", PARENT);

    @Test
    void aTraceArrivesAsItIs() {
        Headers headers = headers(TRACE, new UserProperty("tracestate", "congo=t61rcWkgMzE, rojo=1"));

        assertThat(headers.get("traceparent")).isEqualTo(PARENT);
        assertThat(headers.get("tracestate")).isEqualTo("congo=t61rcWkgMzE, rojo=1");
    }

    @Test
    void aCloudEventHasTheHeadersToo() {
        Headers.Builder headers = new Headers.Builder();
        new CloudEventsFormat().headers(List.of(message(TRACE)), new MessageHeaders(headers::set));

        assertThat(headers.get("traceparent")).isEqualTo(PARENT);
    }

    @Test
    void severalStatesAreOneList() {
        Headers headers = headers(TRACE, new UserProperty("tracestate", "a=1"), new UserProperty("tracestate", "b=2"));

        assertThat(headers.get("tracestate")).isEqualTo("a=1,b=2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
                "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-the-future-will-be-like"
            })
    void theseAreTraces(String parent) {
        assertThat(headers(new UserProperty("traceparent", parent)).get("traceparent"))
                .isEqualTo(parent);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.more",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
                "0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                " 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-\r\nx: y"
            })
    void theseAreNot(String parent) {
        Headers headers = headers(new UserProperty("traceparent", parent), new UserProperty("tracestate", "a=1"));

        assertThat(headers.get("traceparent")).isNull();
        assertThat(headers.get("tracestate")).isNull();
        assertThat(headers.get("x")).isNull();
    }

    @Test
    void twoTracesAreNone() {
        assertThat(headers(TRACE, TRACE).get("traceparent")).isNull();
    }

    @Test
    void namesAreInLowerCase() {
        assertThat(headers(new UserProperty("TraceParent", PARENT)).get("traceparent"))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "a=1\r\nx: y", "größe=1"})
    void aStateThatNoHeaderCarriesIsLeftOutAlone(String state) {
        Headers headers = headers(TRACE, new UserProperty("tracestate", state));

        assertThat(headers.get("traceparent")).isEqualTo(PARENT);
        assertThat(headers.get("tracestate")).isNull();
    }

    @Test
    void aStateThatWouldFillTheRequestIsLeftOut() {
        assertThat(headers(TRACE, new UserProperty("tracestate", "a=" + "1".repeat(511)))
                        .get("tracestate"))
                .isNull();
    }

    @Property
    void invalidTraceContextDoesNotBreakTheRequest(@ForAll String parent, @ForAll String state) {
        Headers headers = headers(new UserProperty("traceparent", parent), new UserProperty("tracestate", state));

        assertThat(headers.size()).isBetween(4, 6);
    }

    private static Headers headers(UserProperty... properties) {
        Headers.Builder headers = new Headers.Builder();
        new RawFormat().headers(List.of(message(properties)), new MessageHeaders(headers::set));
        return headers.build();
    }

    private static RelayMessage message(UserProperty... properties) {
        return Samples.message("t", null, List.of(properties), "x".getBytes(StandardCharsets.UTF_8));
    }
}
