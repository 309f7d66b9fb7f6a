package io.mqttrelay.common.config.read.destination;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

/** URLs of callbacks without their logins. */
class CallbackUrlTest {
    @Test
    void aLoginIsTakenOutOfTheAuthorityAndOutOfNothingElse() {
        assertThat(CallbackUrl.withoutLogin(URI.create("https://alice@h:1/users/alice@h:1/inbox?notify=alice@h:1")))
                .isEqualTo(URI.create("https://h:1/users/alice@h:1/inbox?notify=alice@h:1"));
        assertThat(CallbackUrl.withoutLogin(URI.create("https://a:b@h"))).isEqualTo(URI.create("https://h"));
        assertThat(CallbackUrl.withoutLogin(URI.create("https://h/a@h"))).isEqualTo(URI.create("https://h/a@h"));
    }
}
