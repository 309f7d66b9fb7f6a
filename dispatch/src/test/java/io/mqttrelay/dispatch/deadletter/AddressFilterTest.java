package io.mqttrelay.dispatch.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.destination.Address;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressFilterTest {
    private static AddressFilter filter(String typed, String... known) {
        return Objects.requireNonNull(AddressFilter.of(typed, List.of(known)));
    }

    @ParameterizedTest
    @CsvSource({
        "http://h:80/a, http://h:80/a, true",
        "http://h:80/a, http://h:80/b, false",
        "http://h:80/a, http://h:80/ab, false",
        "http://user:pw@h:80/a, http://h:80/a, true",
        "http://h:80, http://h:80/a, true",
        "http://h:80, http://h:80, true",
        "http://h:80, http://h:8080/a, false",
        "http://h:80, http://h:80?q=1, true",
        "https://h:80, http://h:80/a, false",
        "http://h/a, http://h/a?token=x, true",
        "http://h/a?***, http://h/a?token=x, true",
        "http://h/a?token=x, http://h/a?sha256-6b3a55e0261b0304, false",
        "http://h/a?sha256-6b3a55e0261b0304, http://h/a?sha256-6b3a55e0261b0304, true",
    })
    void anAddressIsMeantAsItIsWrittenShownOrByItsOrigin(String typed, String address, boolean meant) {
        assertThat(filter(typed).matches(address)).isEqualTo(meant);
    }

    @Test
    void theTextOfAConfiguredAddressMeansThatOneAndNoOther() {
        AddressFilter filter = filter("http://h:80", "http://h:80", "http://h:80/b");
        assertThat(filter.matches("http://h:80")).isTrue();
        assertThat(filter.matches("http://h:80/b")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "http://h/a?token=x, http://h/a?token=x, true",
        "http://h/a?token=y, http://h/a?token=x, false",
        "http://h?a=b@c, http://h?a=b@c, true",
    })
    void aQueryIsTypedAsTheConfigurationWritesIt(String typed, String configured, boolean meant) {
        assertThat(filter(typed).matches(Address.idOf(configured))).isEqualTo(meant);
    }

    @Test
    void doesNotMatchAMissingAddress() {
        assertThat(filter("http://h").matches(null)).isFalse();
    }

    @Test
    void anIdMeansThatAddressAlone() {
        assertThat(filter("orders").matches("orders")).isTrue();
        assertThat(filter("orders", "orders", "orders-2").matches("orders-2")).isFalse();
        assertThat(filter("http://h/a?x", "http://h/a?x").matches("http://h/a?x"))
                .isTrue();
    }

    @Test
    void allAddressesThatAreMeantMatch() {
        AddressFilter filter = filter("one", "one", "two").or(List.of("one", "two", "http://h/a"));
        assertThat(filter.matches("one")).isTrue();
        assertThat(filter.matches("two")).isTrue();
        assertThat(filter.matches("http://h/a")).isTrue();
        assertThat(filter.matches("http://h/b")).isFalse();
    }

    @Test
    void anEmptyTextIsNoFilter() {
        assertThat(AddressFilter.of("", List.of())).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "http://h:80/a/b?c=d/e, http://h:80, http://h:80/a/b?***",
        "http://h, http://h, http://h",
        "http://h?x=/y, http://h, http://h?***",
        "nonsense, nonsense, nonsense",
        "'', '', ''",
    })
    void aQueryIsNeverShown(String address, String origin, String shown) {
        assertThat(AddressFilter.origin(address)).isEqualTo(origin);
        assertThat(AddressFilter.shown(address)).isEqualTo(shown);
    }
}
