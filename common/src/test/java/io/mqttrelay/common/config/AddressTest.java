package io.mqttrelay.common.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids and labels of addresses, which every reader may see. */
class AddressTest {
    private static Address address(String url) {
        return new Address(URI.create(url), Map.of(), List.of(), TlsSettings.JVM_DEFAULT);
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
        List<Address> all = List.of(address("http://h:1/a"), address("http://h:1/b?q=x"), address("https://h:1/c"));
        assertThat(all.get(0).of("route", all).label().address()).matches("http://h:1#[0-9a-f]{8}");
        assertThat(all.get(1).of("route", all).label().address())
                .matches("http://h:1#[0-9a-f]{8}")
                .isNotEqualTo(all.get(0).of("route", all).label().address());
        assertThat(all.get(2).of("route", all).label()).isEqualTo(new AddressLabel("route", "https://h:1"));
        assertThat(all.get(0).label()).as("of no route").isEqualTo(new AddressLabel("", "http://h:1"));
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
        Address address = new Address(URI.create(url), Map.of(), List.of(), TlsSettings.JVM_DEFAULT);
        assertThat(address.host()).isEqualTo(host);
        assertThat(address.port()).isEqualTo(port);
    }
}
