package io.mqttrelay.dispatch.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttrelay.common.config.destination.AddressScheme;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.thread.GuardedExecutors;
import io.mqttrelay.dispatch.format.Samples;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which provider gets an address, and when it is opened and closed. */
class SinkProvidersTest {
    private final List<String> calls = new ArrayList<>();
    private final SinkContext context = new SinkContext(
            Clock.systemUTC(), "1", Egress.DEFAULT, () -> null, new GuardedExecutors(Throwable::printStackTrace));

    /** Opens no connection; tells of its life cycle. */
    private final class Told implements SinkProvider {
        private final String scheme;

        Told(String scheme) {
            this.scheme = scheme;
        }

        @Override
        public List<AddressScheme> schemes() {
            return List.of(new AddressScheme(scheme, null, Set.of()));
        }

        @Override
        public @Nullable String check(Destination destination) {
            return destination.address().url().getRawAuthority().equals("wrong") ? "no such place" : null;
        }

        @Override
        public RequestPreview preview(Destination destination, RelayMessage message, PreviewContext preview) {
            return new RequestPreview(scheme, destination.display(), List.of(), new byte[0]);
        }

        @Override
        public SinkFactory open(SinkContext opened) {
            calls.add("open " + scheme);
            return new SinkFactory() {
                @Override
                public Sink sink(Destination destination) {
                    calls.add("sink " + destination.display());
                    return (messages, attempt) -> {
                        throw new AssertionError();
                    };
                }

                @Override
                public void close() {
                    calls.add("close " + scheme);
                }
            };
        }
    }

    private static Destination address(String url) {
        return Samples.address(url);
    }

    @Test
    void httpIsInstalled() {
        assertThat(SinkProviders.installed().schemes()).hasToString("http:// or https://");
    }

    @Test
    void aProviderIsOpenedForItsFirstAddressAndClosedOnce() {
        SinkProviders providers = new SinkProviders(List.of(new Told("a"), new Told("b"), new Told("c")));
        try (Sinks sinks = new Sinks(providers, context)) {
            sinks.sink(address("b://1"));
            sinks.sink(address("B://2"));
            sinks.sink(address("a://1"));
        }
        assertThat(calls)
                .containsExactly("open b", "sink b://1", "sink B://2", "open a", "sink a://1", "close b", "close a");
    }

    @Test
    void twoProvidersOfOneSchemeAreRefused() {
        assertThatThrownBy(() -> new SinkProviders(List.of(new Told("a"), new Told("a"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("two sinks for a://: ");
    }

    @Test
    void anAddressWithoutAProviderIsUnusable() {
        SinkProviders providers = new SinkProviders(List.of(new Told("a")));
        try (Sinks sinks = new Sinks(providers, context)) {
            assertThatThrownBy(() -> sinks.sink(address("b://1")))
                    .isInstanceOf(UnusableAddressException.class)
                    .hasMessage("b://1: no sink for this scheme is installed");
        }
    }

    @Test
    void anAddressWithAProblemIsUnusable() {
        SinkProviders providers = new SinkProviders(List.of(new Told("a")));
        try (Sinks sinks = new Sinks(providers, context)) {
            assertThatThrownBy(() -> sinks.sink(address("a://wrong")))
                    .isInstanceOf(UnusableAddressException.class)
                    .hasMessage("a://wrong: no such place");
        }
        assertThat(calls).isEmpty();
    }
}
