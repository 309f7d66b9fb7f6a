package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.http.CallbackServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A callback that answers no SYN, at a name with eight addresses. */
@Tag("every-change")
final class ConnectFaultIT extends NeighbourScene {
    private static final int ADDRESSES = 8;
    private static final String NAME = "silent.example";
    private static final int MOST_THREADS = 300;

    @Test
    void b06ACallbackThatAnswersNoSyn() throws Exception {
        FullBacklog silent = opened(FullBacklog.listenEverywhere());
        Path hosts = Files.writeString(
                folder.resolve("hosts"),
                IntStream.rangeClosed(1, ADDRESSES)
                        .mapToObj(i -> "127.0.0." + i + " " + NAME + "\n")
                        .collect(Collectors.joining("", "127.0.0.1 localhost\n", "")));
        route(
                "bad",
                FaultScene.addresses("http://" + NAME + ":" + silent.port() + "/bad"),
                "\"circuit_breaker\": false",
                "\"retry_backoff\": {\"initial\": \"1s\", \"max\": \"1s\"}");
        ingest().ready();
        RelayService dispatch = dispatch("-Djdk.net.hosts.file=" + hosts).ready();
        Neighbour neighbour = neighbour("B06").begin();

        Load bad = opened(Load.start(mosquitto.port(), new Load.Shape("bad", 400, 100, 100)));
        int most = 0;
        for (int second = 0; second < 20; second++) {
            Pause.forMillis(1000);
            most = Math.max(most, ProcessStatus.of(dispatch).threads());
        }
        bad.stop();
        neighbour.feltNothing();
        assertThat(most).as("threads").isLessThan(MOST_THREADS);

        int port = silent.port();
        silent.close();
        CallbackServer mended = opened(CallbackServer.start(port));
        mended.on("/bad", Answer.status(200));
        Pause.until(
                Duration.ofSeconds(60),
                () -> mended.requests("/bad").size() >= bad.sent().size());
        assertThat(mended.requests("/bad").size())
                .isGreaterThanOrEqualTo(bad.sent().size());
    }
}
