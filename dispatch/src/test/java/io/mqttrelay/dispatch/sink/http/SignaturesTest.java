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

    /** The key with the seed 00..1f, alone and with its public key. */
    private static final String E1 = "whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private static final String E1_PAIR =
            "whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==";

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

    @ParameterizedTest
    @CsvSource({
        "msg_0001, 1700000000, 7b226465766963654964223a22642d31222c2274223a32312e357d,"
                + " yVR8JE8SL8iLufVy9HaAl9SHPeCgEMXJ279fBJEgEIyJVSQptF8Riehb80vckoY9CagSLZsMkX6GbcdKCCs0DA==",
        "msg_0002, 1700000001, '',"
                + " +ZmGgKcBojAGa6vALSFlCqcfaA/q1cK2HBxtPj4Nz6cIWgwPriTk3ijEtjs/hCGDWnCrk9TQG+o8pg3s3DrwAQ==",
        "msg_0003, 1700000002, 00fffe800d0a2e,"
                + " iptx3QPlSFLoQzzqomMPXPBUWFa9nMGqJYZP6MD6gEeV7S0/kyQCcAjdB6dzQgQ46wdYPG3gjejClTGMJRB+Bw=="
    })
    void vectorsOfAnotherLibraryHoldForEd25519(String id, String timestamp, String bodyHex, String expected) {
        byte[] body = HexFormat.of().parseHex(bodyHex);
        assertThat(signatures(E1).sign(id, timestamp, body)).isEqualTo("v1a," + expected);
        assertThat(signatures(E1_PAIR).sign(id, timestamp, body)).isEqualTo("v1a," + expected);
    }

    @Test
    void fourSecretsOfBothKindsSignInTheirOrder() {
        byte[] body = "{\"deviceId\":\"d-1\",\"t\":21.5}".getBytes(StandardCharsets.UTF_8);
        assertThat(signatures(E1, K2, E1_PAIR, K1)
                        .sign("msg_0001", "1700000000", body)
                        .split(" "))
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("v1a,yVR8JE8S"),
                        second -> assertThat(second).isEqualTo("v1,0iRdS12Yl4Bo8jAhfML5IxP+ft9VMrxLSuvzGyk5sEQ="),
                        third -> assertThat(third).startsWith("v1a,yVR8JE8S"),
                        fourth -> assertThat(fourth).isEqualTo("v1,8ZyQNhmYGVXBRN8AQTfjWczfbW5TCHbDNWQNhvdLEKU="));
    }

    @Test
    void signingTwiceGivesTheSame() {
        Signatures signatures = signatures(K1);
        byte[] body = {1, 2, 3};
        assertThat(signatures.sign("a", "1", body)).isEqualTo(signatures.sign("a", "1", body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "whsec_", "whsec_%%%", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="})
    void aSecretOfAnotherFormIsAnErrorThatDoesNotShowIt(String secret) {
        assertThatThrownBy(() -> signatures(K1, secret))
                .isInstanceOf(UnusableAddressException.class)
                .hasMessage("http://localhost/: signing secret 2 is not whsec_ and base64");
    }

    @Test
    void anUnusableEd25519KeyIsAnErrorThatDoesNotShowIt() {
        assertThatThrownBy(() -> signatures(K1, "whsk_AAAA"))
                .isInstanceOf(UnusableAddressException.class)
                .hasMessage("http://localhost/: signing secret 2 must hold 64 bytes (seed and public key) or 32 (seed)"
                        + " after whsk_, holds 3");
    }
}
