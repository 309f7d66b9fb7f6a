package io.mqttrelay.dispatch.sink.http.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.destination.OAuth2;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.http.ReceivedRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The token request, and token servers that do not answer as they should. */
class TokenServerTest {
    private final TokenScene scene = new TokenScene();

    @AfterEach
    void stop() {
        scene.close();
    }

    private ReceivedRequest request(OAuth2 settings) {
        TokenScene.text(scene.source(settings));
        return scene.server.requests("/token").get(0);
    }

    private static String basic(String login) {
        return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theSecretGoesInAHeader() {
        ReceivedRequest request = request(scene.settings(TokenScene.SECRET, OAuth2.Auth.BASIC));
        assertThat(request.header("content-type")).isEqualTo("application/x-www-form-urlencoded");
        assertThat(request.header("accept")).isEqualTo("application/json");
        assertThat(request.header("user-agent")).isEqualTo("mqtt-relay/1");
        assertThat(request.header("authorization")).isEqualTo(basic("client+1:s3cret%2Bwith%2Fodd+chars"));
        assertThat(request.bodyText()).isEqualTo("grant_type=client_credentials&scope=a+b");
    }

    @Test
    void theSecretGoesInTheForm() {
        OAuth2 settings = scene.settings(TokenScene.SECRET, OAuth2.Auth.POST);
        ReceivedRequest request = request(new OAuth2(
                settings.tokenUrl(), "client 1", settings.clientSecret(), null, "https://api", OAuth2.Auth.POST));
        assertThat(request.header("authorization")).isNull();
        assertThat(request.bodyText())
                .isEqualTo("grant_type=client_credentials&audience=https%3A%2F%2Fapi&client_id=client+1"
                        + "&client_secret=s3cret%2Bwith%2Fodd+chars");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | | without a JSON object",
                "200 | <html> | without a JSON object",
                "200 | [] | without a JSON object",
                "200 | {\"access_token\": \"cut | without a JSON object",
                "200 | {} | without an access_token",
                "200 | {\"access_token\": \"\"} | without an access_token",
                "200 | {\"access_token\": null} | without an access_token",
                "200 | {\"access_token\": {\"access_token\": \"a\"}} | without an access_token",
                "200 | {\"access_token\": \"a\", \"token_type\": \"mac\"} | of the type mac, not Bearer",
                "200 | {\"access_token\": \"a b\"} | has characters that a header cannot carry",
                "200 | {\"access_token\": \"a\\r\\nx: y\"} | has characters that a header cannot carry",
                "200 | {\"access_token\": \"\u00fc\"} | has characters that a header cannot carry",
                "400 | {\"error\": \"invalid_client\", \"error_description\": \"no such client\"}"
                        + " | answered 400: invalid_client: no such client",
                "401 | nothing | answered 401",
                "500 | {\"access_token\": \"a\"} | answered 500",
                "302 | | answered 302, redirects are not followed"
            })
    void anAnswerWithoutATokenIsAnError(int status, String body, String error) {
        assertThat(scene.error(Answer.status(status, body == null ? "" : body, "Location: /other")))
                .startsWith("token server " + scene.server.url("") + ": ")
                .contains(error)
                .doesNotContain("\n");
        assertThat(scene.server.requests()).hasSize(1);
    }

    @Test
    void aHugeTokenIsRefused() {
        String token = "x".repeat(17 * 1024);
        assertThat(scene.error(Answer.status(200, "{\"access_token\": \"" + token + "\"}")))
                .contains("longer than 16384 characters")
                .doesNotContain("xx");
    }

    @Test
    void anEndlessAnswerIsCut() {
        assertThat(scene.error(Answer.endless(200))).endsWith("answered 200 and more than 64 KB");
    }

    @Test
    void brokenConnectionsAreErrors() {
        assertThat(scene.error(Answer.close())).endsWith("connection closed before an answer");
        scene.pass(TokenSource.PAUSE);
        assertThat(scene.error(Answer.garbage())).contains("malformed answer");
        scene.pass(TokenSource.PAUSE);
        assertThat(scene.error(Answer.bytes("HTTP/1.1 -5 x\r\n\r\n"))).contains("malformed answer");
        scene.pass(TokenSource.PAUSE);
        assertThat(scene.error(Answer.endInBody(200))).contains("unexpected end of stream");
    }

    @Test
    void aDrippingAnswerEndsWithTheTimeout() {
        scene.server.on("/token", Answer.drip(200, Duration.ofMillis(100)));
        assertThat(TokenScene.error(scene.source(), Duration.ofMillis(400)))
                .endsWith("no token within the timeout of the call");
    }

    @Test
    void anUnknownHostIsAnError() {
        OAuth2 settings = scene.settings(TokenScene.SECRET, OAuth2.Auth.BASIC);
        OAuth2 unknown = new OAuth2(
                URI.create("http://no-such-host.invalid/token?key=hunter2"),
                settings.clientId(),
                settings.clientSecret(),
                null,
                null,
                settings.auth());
        assertThat(TokenScene.error(scene.source(unknown), TokenScene.PATIENCE))
                .isEqualTo("token server http://no-such-host.invalid: unknown host");
    }

    @Test
    void theEgressPolicyAppliesToTheTokenServer() {
        try (TokenScene guarded = new TokenScene(new Egress(Egress.Mode.PUBLIC_ONLY, List.of(), List.of()))) {
            assertThat(TokenScene.error(guarded.source(), TokenScene.PATIENCE)).contains("public");
            assertThat(guarded.server.connectionCount()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                TokenScene.SECRET,
                "s3cret%2Bwith%2Fodd+chars",
                "Y2xpZW50KzE6czNjcmV0JTJCd2l0aCUyRm9kZCtjaGFycw=="
            })
    void anErrorDoesNotShowTheSecret(String echoed) {
        assertThat(scene.error(Answer.status(400, "{\"error\": \"echo: " + echoed + "\"}")))
                .endsWith("answered 400: echo: ***");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "null | 240 | 300",
                "0 | 240 | 300",
                "-5 | 240 | 300",
                "{} | 240 | 300",
                "\"soon\" | 240 | 300",
                "\"NaN\" | 240 | 300",
                "100 | 75 | 100",
                "\"100\" | 75 | 100",
                "100.5 | 75 | 100",
                "3600 | 3540 | 3600",
                "99999999999999999999999 | 86340 | 86400",
                "1e99999 | 86340 | 86400"
            })
    void lifetimesAreBounded(String expiresIn, int renewedAfter, int endsAfter) {
        scene.server.on("/token", Answer.status(200, "{\"access_token\": \"a\", \"expires_in\": " + expiresIn + "}"));
        AccessToken token = TokenScene.token(scene.source());
        long now = scene.clock.get();
        long second = Duration.ofSeconds(1).toNanos();
        assertThat(token.isDue(now + (renewedAfter - 1) * second)).isFalse();
        assertThat(token.isDue(now + (renewedAfter + 1) * second)).isTrue();
        assertThat(token.isUsable(now + (endsAfter - 1) * second)).isTrue();
        assertThat(token.isUsable(now + (endsAfter + 1) * second)).isFalse();
    }

    @Test
    void aTokenWithoutAnEndIsUsedForFiveMinutes() {
        scene.server.on("/token", Answer.status(200, "{\"access_token\": \"a\"}"));
        AccessToken token = TokenScene.token(scene.source());
        assertThat(token.isUsable(scene.clock.get() + Duration.ofSeconds(299).toNanos()))
                .isTrue();
        assertThat(token.isUsable(scene.clock.get() + Duration.ofMinutes(5).toNanos()))
                .isFalse();
    }

    @Test
    void nothingPrintsATokenOrASecret() {
        TokenSource source = scene.source();
        assertThat(TokenScene.token(source)).hasToString("***");
        assertThat(source.token(TokenScene.wait(TokenScene.PATIENCE)).toString())
                .doesNotContain("token-1");
        assertThat(TokenForm.of(scene.settings(TokenScene.SECRET, OAuth2.Auth.POST), "a"))
                .hasToString(scene.server.url(""));
    }
}
