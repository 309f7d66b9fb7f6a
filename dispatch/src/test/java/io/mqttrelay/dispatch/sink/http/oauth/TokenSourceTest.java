package io.mqttrelay.dispatch.sink.http.oauth;

import static io.mqttrelay.dispatch.sink.http.oauth.TokenScene.PATIENCE;
import static io.mqttrelay.dispatch.sink.http.oauth.TokenScene.granted;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.destination.OAuth2;
import io.mqttrelay.testkit.http.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One token for all calls with the same settings, requested once, renewed ahead of its end. */
class TokenSourceTest {
    private static final Duration SHORT = Duration.ofMillis(300);

    private final TokenScene scene = new TokenScene();
    private final ExecutorService calls = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        calls.shutdownNow();
        scene.close();
    }

    private Future<TokenResult> call(TokenSource source, TokenWait wait) {
        return calls.submit(() -> source.token(wait));
    }

    private Future<TokenResult> call(TokenSource source, Duration timeout) {
        return call(source, TokenScene.wait(timeout));
    }

    private static TokenResult result(Future<TokenResult> call) throws Exception {
        return call.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void manyCallsMakeOneRequest() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        scene.server.on("/token", Answer.heldUntil(released, scene.grants(3600)));
        List<Future<TokenResult>> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(call(scene.source(), PATIENCE));
        }
        scene.server.await("/token", 1, PATIENCE);
        released.countDown();

        for (Future<TokenResult> each : all) {
            assertThat(granted(result(each)).reveal()).isEqualTo("token-1");
        }
        assertThat(scene.requests()).isEqualTo(1);
    }

    @Test
    void aTokenIsUsedUntilItsRenewalAhead() {
        TokenSource source = scene.source();
        assertThat(TokenScene.text(source)).isEqualTo("token-1");
        scene.pass(Duration.ofSeconds(3539));
        assertThat(TokenScene.text(source)).isEqualTo("token-1");
        assertThat(scene.requests()).isEqualTo(1);

        scene.pass(Duration.ofSeconds(1));
        assertThat(TokenScene.text(source)).isEqualTo("token-1");
        scene.server.await("/token", 2, PATIENCE);
        awaitToken(source, "token-2");
        assertThat(scene.requests()).isEqualTo(2);
    }

    private static void awaitToken(TokenSource source, String expected) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!TokenScene.text(source).equals(expected)) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void anEndedTokenIsNotUsed() {
        TokenSource source = scene.source();
        assertThat(TokenScene.text(source)).isEqualTo("token-1");
        scene.pass(Duration.ofHours(1));
        assertThat(TokenScene.text(source)).isEqualTo("token-2");
    }

    @Test
    void callsUseTheTokenWhileItsRenewalHangs() {
        TokenSource source = scene.source();
        assertThat(TokenScene.text(source)).isEqualTo("token-1");
        scene.server.on("/token", Answer.hang());
        scene.pass(Duration.ofSeconds(3599));
        for (int i = 0; i < 100; i++) {
            assertThat(TokenScene.text(source)).isEqualTo("token-1");
        }
        scene.server.await("/token", 2, PATIENCE);
        assertThat(scene.requests()).isEqualTo(2);
    }

    @Test
    void callsUseTheTokenWhileItsRenewalFails() {
        TokenSource source = scene.source();
        assertThat(TokenScene.text(source)).isEqualTo("token-1");
        scene.server.on("/token", Answer.status(500));
        scene.pass(Duration.ofSeconds(3590));
        assertThat(TokenScene.text(source)).isEqualTo("token-1");
        scene.server.await("/token", 2, PATIENCE);
        assertThat(TokenScene.text(source)).isEqualTo("token-1");

        scene.pass(Duration.ofSeconds(10));
        assertThat(TokenScene.error(source, PATIENCE)).endsWith("answered 500");
        scene.server.on("/token", scene.grants(3600));
        scene.pass(TokenSource.PAUSE);
        assertThat(TokenScene.text(source)).isEqualTo("token-2");
    }

    @Test
    void eachWaitEndsWithTheTimeoutOfItsOwnCall() throws Exception {
        scene.server.on("/token", Answer.hang());
        TokenSource source = scene.source();
        Future<TokenResult> first = call(source, PATIENCE);
        scene.server.await("/token", 1, PATIENCE);

        assertThat(TokenScene.error(source, SHORT)).endsWith("no token within the timeout of the call");
        assertThat(first.isDone()).isFalse();
        assertThat(scene.requests()).isEqualTo(1);
    }

    @Test
    void anotherCallTakesOverAfterTheTimeoutOfTheFirst() throws Exception {
        scene.server.on("/token", Answer.first(1, Answer.hang(), scene.grants(3600)));
        TokenSource source = scene.source();
        Future<TokenResult> first = call(source, SHORT);
        scene.server.await("/token", 1, PATIENCE);
        Future<TokenResult> second = call(source, PATIENCE);

        assertThat(result(first)).isInstanceOf(TokenResult.Failed.class);
        assertThat(granted(result(second)).reveal()).isEqualTo("token-1");
        assertThat(scene.requests()).isEqualTo(2);
    }

    @Test
    void anotherCallTakesOverFromACancelledOne() throws Exception {
        scene.server.on("/token", Answer.first(1, Answer.hang(), scene.grants(3600)));
        TokenSource source = scene.source();
        TokenWait wait = TokenScene.wait(PATIENCE);
        Future<TokenResult> first = call(source, wait);
        scene.server.await("/token", 1, PATIENCE);
        Future<TokenResult> second = call(source, PATIENCE);
        wait.cancel();

        assertThat(result(first)).isInstanceOf(TokenResult.Failed.class);
        assertThat(granted(result(second)).reveal()).isEqualTo("token-1");
    }

    @Test
    void aCancelledCallDoesNotWait() throws Exception {
        scene.server.on("/token", Answer.hang());
        TokenSource source = scene.source();
        Future<TokenResult> first = call(source, PATIENCE);
        scene.server.await("/token", 1, PATIENCE);
        assertThat(first).isNotDone();
        TokenWait wait = TokenScene.wait(Duration.ofMinutes(5));
        Future<TokenResult> waiting = call(source, wait);
        wait.cancel();
        assertThat(result(waiting)).isInstanceOf(TokenResult.Failed.class);
        assertThat(scene.requests()).isEqualTo(1);
    }

    @Test
    void theTokenServerIsLeftAloneAfterAFailure() {
        scene.server.on("/token", Answer.status(503));
        TokenSource source = scene.source();
        String error = TokenScene.error(source, PATIENCE);
        for (int i = 0; i < 20; i++) {
            assertThat(TokenScene.error(source, PATIENCE)).isEqualTo(error);
        }
        assertThat(scene.requests()).isEqualTo(1);
        scene.server.on("/token", scene.grants(3600));
        scene.pass(TokenSource.PAUSE);
        assertThat(TokenScene.text(source)).isEqualTo("token-1");
    }

    @Test
    void aRefusedTokenIsReplacedOnce() {
        TokenSource source = scene.source();
        AccessToken refused = TokenScene.token(source);
        AccessToken other = granted(source.insteadOf(refused, TokenScene.wait(PATIENCE)));
        assertThat(other.reveal()).isEqualTo("token-2");
        assertThat(granted(source.insteadOf(refused, TokenScene.wait(PATIENCE))))
                .isSameAs(other);
        assertThat(TokenScene.token(source)).isSameAs(other);
        assertThat(scene.requests()).isEqualTo(2);
    }

    @Test
    void otherCallsUseATokenThatOneAddressRefuses() throws Exception {
        TokenSource source = scene.source();
        AccessToken refused = TokenScene.token(source);
        scene.server.on("/token", Answer.hang());
        Future<TokenResult> replacing = calls.submit(() -> source.insteadOf(refused, TokenScene.wait(PATIENCE)));
        scene.server.await("/token", 2, PATIENCE);
        assertThat(TokenScene.token(source)).isSameAs(refused);
        assertThat(replacing.isDone()).isFalse();
    }

    @Test
    void equalSettingsShareATokenAndOthersDoNot() {
        TokenSource source = scene.source();
        assertThat(scene.source()).isSameAs(source);
        assertThat(scene.source(scene.settings(TokenScene.SECRET, OAuth2.Auth.BASIC), Duration.ofMillis(300)))
                .isNotSameAs(source);
        TokenSource renewedSecret = scene.source(scene.settings("another secret", OAuth2.Auth.BASIC));
        assertThat(renewedSecret).isNotSameAs(source);
        assertThat(TokenScene.text(source)).isEqualTo("token-1");
        assertThat(TokenScene.text(renewedSecret)).isEqualTo("token-2");
        assertThat(scene.requests()).isEqualTo(2);
    }

    @Test
    void manyHangingRenewalsDelayNoCallThatNeedsAToken() {
        List<TokenSource> hanging = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            hanging.add(scene.source(scene.settings("secret " + i, OAuth2.Auth.BASIC)));
        }
        hanging.forEach(TokenScene::text);
        TokenSource other = scene.source();
        TokenScene.text(other);
        scene.server.on("/token", Answer.hang());
        scene.pass(Duration.ofSeconds(3590));
        hanging.forEach(TokenScene::text);
        assertThat(TokenScene.text(other)).isEqualTo("token-11"); // its renewal waits for a thread
        scene.server.on("/token", scene.grants(3600));
        scene.pass(Duration.ofSeconds(10));
        assertThat(TokenScene.text(other)).isNotEqualTo("token-11");
    }
}
