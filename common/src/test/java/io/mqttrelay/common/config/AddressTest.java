package io.mqttrelay.common.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An address is told apart by what all may see. */
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
    void aLoginIsTakenOutOfTheAuthorityAndOutOfNothingElse() {
        assertThat(CallbackUrl.withoutLogin(URI.create("https://alice@h:1/users/alice@h:1/inbox?notify=alice@h:1")))
                .isEqualTo(URI.create("https://h:1/users/alice@h:1/inbox?notify=alice@h:1"));
        assertThat(CallbackUrl.withoutLogin(URI.create("https://a:b@h"))).isEqualTo(URI.create("https://h"));
        assertThat(CallbackUrl.withoutLogin(URI.create("https://h/a@h"))).isEqualTo(URI.create("https://h/a@h"));
    }

    @Test
    void withoutAQueryItIsTheUrl() {
        assertThat(address("http://h:80/a/b").id()).isEqualTo("http://h:80/a/b");
    }
}
