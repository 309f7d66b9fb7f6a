package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.http.Answer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Kafka deletes records before a callback got them: each lost message is counted, and none is lost to another callback.
 */
@Tag("by-hand")
final class RetentionFaultIT extends FaultScene {
    private static final int RATE = 100;
    private static final Duration RETENTION = Duration.ofSeconds(4);
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    RetentionFaultIT(KafkaCluster kafka) {
        super(kafka);
    }

    @Test
    void f41RetentionOvertakesACallbackThatIsDown() {
        route(to("/a", "/down"));
        route("\"circuit_breaker\": {\"open_for\": \"1s\"}");
        within("dispatch", "\"max_buffered\": \"128KB\""); // otherwise all messages wait in memory
        ingest().ready();
        RelayService dispatch = dispatch().ready();
        KafkaAdmin admin = opened(KafkaAdmin.of(kafka));
        Run run = run("F41", RATE, "/a", "/down");
        run.flows(RATE);

        callback.on("/down", Answer.status(503));
        retention(admin, RETENTION);
        int before = callback.requests("/a").size();
        Pause.until(RECOVERY, () -> admin.firstOffsets(messagesTopic()) > before + 5L * RATE);
        retention(admin, Duration.ofHours(1));
        callback.on("/down", Answer.status(200));
        run.healed();
        run.mayBeLost("/down", run.load().sent()); // but each one lost must be counted
        run.flows(RATE);
        run.ends(0, RECOVERY);

        double counted = dispatch.meter("relay_dispatch_lost_total", app);
        run.figure("counted as lost", counted);
        assertThat(run.lost()).isPositive();
        assertThat(counted).isEqualTo((double) run.lost());
    }

    private void retention(KafkaAdmin admin, Duration retention) {
        String millis = Long.toString(retention.toMillis());
        admin.configure(messagesTopic(), Map.of("retention.ms", millis, "segment.ms", millis));
    }
}
