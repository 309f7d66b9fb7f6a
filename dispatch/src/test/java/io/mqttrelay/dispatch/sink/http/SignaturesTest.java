package io.mqttrelay.dispatch.sink.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import io.mqttrelay.dispatch.format.Samples;
import io.mqttrelay.dispatch.sink.UnusableAddressException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures follow Standard Webhooks 1.0.0: known vectors, and the official verifier. */
class SignaturesTest {
    private static final String K1 = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String K2 = "whsec_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";

    private static Signatures signatures(String... secrets) {
        return Signatures.of(Samples.address("http://localhost/", Map.of(), secrets));
    }

    @ParameterizedTest
    @CsvSource({
        "msg_0001, 1700000000, 7b226465766963654964223a22642d31222c2274223a32312e357d,"
                + " 8ZyQNhmYGVXBRN8AQTfjWczfbW5TCHbDNWQNhvdLEKU=",
        "msg_0002, 1700000001, '', XFuWXgSuCG6V34BLv5kCWYtV8DlaeEqT8unLZMpIyDk=",
        "msg_0003, 1700000002, 00fffe800d0a2e, P/2saooMibfdAQmFXu89yXbsfxXpAXhcw2a3uxeW9VA=",
        "msg_0004, 1700000003, 7b2274223a2232312e3520c2b043227d, m2sUpgRhccrno0dcDT6XR/tlbWPz8EzcZluIwy8Qq6E="
    })
    void theKnownVectorsHold(String id, String timestamp, String bodyHex, String expected) {
        byte[] body = HexFormat.of().parseHex(bodyHex);
        assertThat(signatures(K1).sign(id, timestamp, body)).isEqualTo("v1," + expected);
    }

    @Test
    void theLibrariesPublishedVectorHolds() {
        byte[] body = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
        assertThat(signatures("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
                        .sign("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void eachSecretSignsInItsOrder() {
        byte[] body = "{\"deviceId\":\"d-1\",\"t\":21.5}".getBytes(StandardCharsets.UTF_8);
        assertThat(signatures(K2, K1).sign("msg_0001", "1700000000", body))
                .isEqualTo("v1,0iRdS12Yl4Bo8jAhfML5IxP+ft9VMrxLSuvzGyk5sEQ= "
                        + "v1,8ZyQNhmYGVXBRN8AQTfjWczfbW5TCHbDNWQNhvdLEKU=");
    }

    @ParameterizedTest
    @ValueSource(strings = {K1, K2})
    void theOfficialVerifierAcceptsARotatedPair(String known) throws Exception {
        String body = "{\"t\":\"21.5 °C\"}";
        String timestamp = Long.toString(System.currentTimeMillis() / 1000);
        String value = signatures(K2, K1).sign("msg_1", timestamp, body.getBytes(StandardCharsets.UTF_8));
        HttpHeaders headers = HttpHeaders.of(
                Map.of(
                        "webhook-id", List.of("msg_1"),
                        "webhook-timestamp", List.of(timestamp),
                        "webhook-signature", List.of(value)),
                (name, text) -> true);

        new Webhook(known).verify(body, headers);

        assertThatThrownBy(() -> new Webhook(known).verify(body + " ", headers)).hasMessageContaining("signature");
    }

    @Test
    void signingTwiceGivesTheSame() {
        Signatures signatures = signatures(K1);
        byte[] body = {1, 2, 3};
        assertThat(signatures.sign("a", "1", body)).isEqualTo(signatures.sign("a", "1", body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "whsec_", "whsec_%%%", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "whsk_AAAA"})
    void aSecretOfAnotherFormIsAnErrorThatDoesNotShowIt(String secret) {
        assertThatThrownBy(() -> signatures(K1, secret))
                .isInstanceOf(UnusableAddressException.class)
                .hasMessage("http://localhost/: signing secret 2 is not whsec_ and base64");
    }
}
