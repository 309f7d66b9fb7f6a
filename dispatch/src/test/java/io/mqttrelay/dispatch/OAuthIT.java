package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.config.destination.OAuth2;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.process.AuthorizationServer;
import io.mqttrelay.testkit.process.RequiresAuthorizationServer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deliveries with tokens of a real authorization server. */
@RequiresAuthorizationServer
final class OAuthIT extends DispatchScene {
    private static final Duration LONG = Duration.ofHours(1);

    @TempDir
    private Path folder;

    OAuthIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    private TestRoute route(AuthorizationServer server) {
        return TestRoute.of("r", "app", callback.url("/a"))
                .oauth2(new OAuth2(
                        URI.create(server.tokenUrl()),
                        "relay client",
                        new Secret("s3cret"),
                        "messages",
                        null,
                        OAuth2.Auth.BASIC))
                .retry(1)
                .backoff(Duration.ofMillis(50))
                .timeout(Duration.ofSeconds(2));
    }

    private void write(int first, int count) {
        for (int i = first; i < first + count; i++) {
            byte[] body = String.valueOf(i).getBytes(StandardCharsets.UTF_8);
            records.write(TestRecords.message("app", "r", "t/" + i % 8, body));
        }
        records.flush();
    }

    private List<String> tokens() {
        return callback.requests("/a").stream()
                .map(request -> request.header("authorization"))
                .toList();
    }

    @Test
    void manyMessagesShareOneToken() {
        try (AuthorizationServer server = AuthorizationServer.start(folder, LONG)) {
            started(settings().route(route(server)));
            write(0, 200);
            awaitCommitted("app", 200);
            assertThat(tokens()).hasSize(200);
            assertThat(Set.copyOf(tokens()))
                    .singleElement()
                    .satisfies(token -> assertThat(token).startsWith("Bearer ey"));
        }
    }

    @Test
    void aRefusedTokenCostsNoAttempt() {
        try (AuthorizationServer server = AuthorizationServer.start(folder, LONG)) {
            callback.on("/a", Answer.first(1, Answer.status(401), Answer.status(200)));
            started(settings().route(route(server).retry(0).holdFor(Duration.ZERO)));
            write(0, 1);
            awaitCommitted("app", 1);
            assertThat(tokens()).hasSize(2).doesNotHaveDuplicates();
            assertThat(callback.requests("/a"))
                    .allSatisfy(request ->
                            assertThat(request.header("relay-attempt")).isEqualTo("1"));
        }
    }

    @Test
    void tokensAreRenewedWhileMessagesFlow() {
        try (AuthorizationServer server = AuthorizationServer.start(folder, Duration.ofSeconds(2))) {
            started(settings().route(route(server)));
            await().atMost(PATIENCE).until(() -> {
                write(0, 1);
                return tokens().stream().collect(Collectors.toSet()).size() >= 3;
            });
        }
    }

    @Test
    void anOutageOfTheServerMakesNoDeadLetter() {
        AuthorizationServer server = AuthorizationServer.start(folder, LONG);
        try {
            int port = server.port();
            server.kill();
            started(settings().route(route(server)));
            write(0, 20);
            await().pollDelay(Duration.ofSeconds(3))
                    .atMost(PATIENCE)
                    .until(() -> callback.requests("/a").isEmpty());
            assertThat(committed("app")).isZero();
            server = AuthorizationServer.start(folder, port, LONG);
            awaitCommitted("app", 20);
            assertThat(callback.requests("/a")).hasSize(20);
            assertThat(stored.all(names.dead("app"))).isEmpty();
        } finally {
            server.close();
        }
    }

    @Test
    void aHangingServerDelaysOnlyItsOwnAddress() {
        try (AuthorizationServer server = AuthorizationServer.start(folder, LONG)) {
            server.suspend();
            started(settings().route(route(server)).route(TestRoute.of("other", "other", callback.url("/b"))));
            write(0, 20);
            for (int i = 0; i < 20; i++) {
                records.write(TestRecords.message("other", "other", "t/" + i, new byte[] {1}));
            }
            records.flush();
            awaitCommitted("other", 20);
            assertThat(committed("app")).isZero();
            server.resume();
            awaitCommitted("app", 20);
        }
    }
}
