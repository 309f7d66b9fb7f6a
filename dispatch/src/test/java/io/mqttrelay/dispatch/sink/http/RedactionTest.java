package io.mqttrelay.dispatch.sink.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.destination.Address;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.MessageFormat;
import io.mqttrelay.common.config.destination.SecretPath;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.config.value.TlsSettings;
import io.mqttrelay.dispatch.format.Samples;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** No secret appears in results when a callback echoes its request. */
class RedactionTest {
    /** A login in a callback's URL arrives here as this header. */
    @Test
    void aLoginIsHiddenWithItsSchemeWithoutItAndDecoded() {
        Destination address =
                Samples.address("http://127.0.0.1/", Map.of("Authorization", new Secret("Basic bWU6cDRzc3cwcmQ=")));

        String said = Redaction.of(address).apply("[Basic bWU6cDRzc3cwcmQ=] [bWU6cDRzc3cwcmQ=] [p4ssw0rd] [me]");

        assertThat(said).isEqualTo("[***] [***] [***] [me]");
    }

    @Test
    void aTokenIsHiddenWithoutItsSchemeAndACookieWithoutItsName() {
        Destination address = Samples.address(
                "http://127.0.0.1/",
                Map.of(
                        "Authorization", new Secret("Bearer t0ken-of-mine"),
                        "Cookie", new Secret("session=c00kie; theme=light-blue")));

        assertThat(Redaction.of(address).apply("bad token t0ken-of-mine, bad session c00kie, bad theme light-blue"))
                .isEqualTo("bad token ***, bad session ***, bad theme ***");
    }

    @Test
    void theValueOfAParameterIsHiddenWithoutItsNameDecodedOrNot() {
        Destination address = Samples.address("http://127.0.0.1/?user=me&key=s3cr%2Bet&x=1");
        assertThat(Redaction.of(address).apply("[user=me&key=s3cr%2Bet&x=1] [s3cr%2Bet] [s3cr+et] [me] [x=1]"))
                .isEqualTo("[***] [***] [***] [me] [x=1]");
    }

    @Test
    void aSecretPartOfThePathIsHiddenAsItIsSentAndDecoded() {
        Destination address = Samples.destination(
                new Address(
                        URI.create("http://127.0.0.1/services/s3cr%2Fet/T0KEN9/x"),
                        new SecretPath("/services/***/x", "/services/id/x", List.of(new Secret("s3cr%2Fet/T0KEN9")))),
                Samples.request(MessageFormat.RAW, null, Map.of(), List.of(), TlsSettings.JVM_DEFAULT));
        assertThat(Redaction.of(address).apply("no hook at /services/s3cr%2Fet/T0KEN9/x [s3cr/et] [T0KEN9] [services]"))
                .isEqualTo("no hook at /services/***/x [***] [***] [services]");
    }

    @Test
    void aQueryIsHiddenAsItIsSent() {
        assertThat(Redaction.of(Samples.address("http://127.0.0.1/?key=it'ssecret99"))
                        .apply("[it%27ssecret99] [it'ssecret99]"))
                .isEqualTo("[***] [***]");
    }

    @Test
    void aLoginThatIsNoBase64IsHiddenAsItIs() {
        Destination address =
                Samples.address("http://127.0.0.1/", Map.of("Authorization", new Secret("Basic !!secret!!")));

        assertThat(Redaction.of(address).apply("Basic !!secret!! said !!secret!!"))
                .isEqualTo("*** said ***");
    }

    @Test
    void theQueryOfTheUrlIsHidden() {
        assertThat(Redaction.of(Samples.address("http://127.0.0.1/?token=t0ken"))
                        .apply("no such token=t0ken"))
                .isEqualTo("no such ***");
    }
}
