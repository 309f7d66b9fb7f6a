package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.guarantee.Sent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The MQTT broker keeps nothing on disk and is restarted: its losses are reported once, and no other message is lost.
 */
@Tag("by-hand")
final class MqttSessionFaultIT extends FaultScene {
    private static final int RATE = 50;
    private static final Duration RECOVERY = Duration.ofSeconds(60);
    private static final Pattern SESSION_LOST =
            Pattern.compile("has lost the session: messages published between (\\S+) and (\\S+) may be missing");

    /** Covers the messages that the broker had taken and not yet passed on when it ended. */
    private static final Duration ON_THE_WAY = Duration.ofSeconds(1);

    MqttSessionFaultIT(KafkaCluster kafka) {
        super(kafka);
    }

    @Test
    void f17TheBrokerForgetsItsSessions() {
        RelayService ingest = ingest().ready();
        dispatch().ready();
        Run run = run("F17", RATE, "/a");
        run.flows(RATE);
        mosquitto.stop();
        run.awaitStill();
        callback.declareCrash(); // the publisher sends unacknowledged messages again
        mqtt.refuse(); // so that the publisher is there before ingest
        mosquitto.start();
        int taken = run.load().acknowledged().size();
        Pause.until(Duration.ofSeconds(30), () -> run.load().acknowledged().size() > taken + RATE);
        mqtt.pass();
        run.healed();
        MatchResult said = ingest.process().await(SESSION_LOST, RECOVERY);
        run.flows(RATE);

        List<Sent> missing =
                run.load().published(Instant.parse(said.group(1)).minus(ON_THE_WAY), Instant.parse(said.group(2)));
        run.mayBeLost("/a", missing);
        run.ends(RATE, RECOVERY);
        assertThat(run.lost()).isPositive();
        assertThat(SESSION_LOST.matcher(ingest.process().output()).results()).hasSize(1);
        assertThat(ingest.meter("relay_ingest_sessions_lost_total", app)).isEqualTo(1);
    }
}
