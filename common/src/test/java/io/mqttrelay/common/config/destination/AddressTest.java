package io.mqttrelay.common.config.destination;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids and labels of addresses, which every reader may see. */
class AddressTest {
    private static Address address(String url) {
        return new Address(URI.create(url), null);
    }

    @Test
    void ofAQueryThereIsADigestThatTellsItFromOthers() {
        assertThat(address("https://h:1/hook?token=hunter2").id())
                .matches("https://h:1/hook\\?sha256-[0-9a-f]{16}")
                .isNotEqualTo(address("https://h:1/hook?token=hunter3").id())
                .isNotEqualTo(address("https://h:1/hook").id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://h", "http://h/a?", "http://h/a?b=c", "http://h?sha256-0123456789abcdef"})
    void anIdIsItsOwnId(String url) {
        String id = Address.idOf(url);
        assertThat(address(id).id()).isEqualTo(id);
    }

    @Test
    void withoutAQueryItIsTheUrl() {
        assertThat(address("http://h:80/a/b").id()).isEqualTo("http://h:80/a/b");
    }

    @Test
    void addressesOfOneHostHaveADigestInTheirLabels() {
        List<Destination> all = Stream.of("http://h:1/a", "http://h:1/b?q=x", "https://h:1/c")
                .map(url -> TestDestination.of("route", "app", url).build())
                .toList();
        List<AddressLabel> labels =
                all.stream().map(each -> each.among(all).label()).toList();
        assertThat(labels.get(0).address()).matches("http://h:1#[0-9a-f]{8}");
        assertThat(labels.get(1).address())
                .matches("http://h:1#[0-9a-f]{8}")
                .isNotEqualTo(labels.get(0).address());
        assertThat(labels.get(2)).isEqualTo(new AddressLabel("route", "https://h:1"));
    }

    @ParameterizedTest
    @CsvSource({
        "http://my_service/x, my_service, 80",
        "https://h, h, 443",
        "HTTP://h:8000/x:9, h, 8000",
        "http://[::1]:8001/, [::1], 8001",
        "http://[::1], [::1], 80"
    })
    void hostAndPortAreThoseOfTheConnection(String url, String host, int port) {
        Address address = new Address(URI.create(url), null);
        assertThat(address.host()).isEqualTo(host);
        assertThat(address.port()).isEqualTo(port);
    }
}
