package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.faults.KafkaCluster.Listener;
import io.mqttrelay.testkit.guarantee.TestMessage;
import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.mqtt.MosquittoConfiguration;
import io.mqttrelay.testkit.net.TcpProxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each service has 128 MB of heap and gets far more than it can pass on: it neither dies nor loses anything. */
final class OverloadFaultIT extends FaultScene {
    private static final String HEAP = "-Xmx128m";
    private static final long MOST_RESIDENT = 320L << 20;
    private static final int LARGE = 100_000;
    private static final int SECONDS = 30;
    private static final int PER_SECOND = 100;
    private static final int IN_FLIGHT = 8;
    private static final int BACKLOG = 65_535;
    private static final Duration RECOVERY = Duration.ofMinutes(3);

    private final Random random = new Random(45);

    OverloadFaultIT(KafkaCluster kafka) {
        super(kafka);
    }

    /** Mosquitto holds nothing back: ingest must refuse the excess. */
    @Override
    MosquittoConfiguration mosquitto() {
        return super.mosquitto().option("max_inflight_messages 0");
    }

    @Test
    @Tag("every-change")
    void f45TenTimesItsCapacityOfLargePayloads() {
        route(to("/a"));
        route("\"timeout\": \"60s\", \"max_in_flight\": " + IN_FLIGHT);
        RelayService ingest = ingest(HEAP).ready();
        RelayService dispatch = dispatch(HEAP).ready();
        kafka.each(Listener.INGEST, proxy -> proxy.throttle(10 * LARGE / KafkaCluster.NODES)); // ten messages a second
        callback.on("/a", Answer.after(Duration.ofMillis(800), Answer.status(200))); // and so the callback
        Run run = run("F45", 0, "/a");
        run.mqttBreaks(); // when too much waits for Kafka
        long most = 0;
        for (int second = 0; second < SECONDS; second++) {
            for (int i = 0; i < PER_SECOND && second < SECONDS / 2; i++) {
                run.load().publish(app + "/" + i % 50, large(second * PER_SECOND + i));
            }
            Pause.forMillis(1000);
            most = Math.max(most, mostResident(ingest, dispatch));
        }
        kafka.each(Listener.INGEST, TcpProxy::pass);
        callback.on("/a", Answer.status(200));
        run.healed();
        run.figure("most resident MB", most >> 20);
        run.ends(this::unacknowledged, RECOVERY);
        assertThat(most).isLessThan(MOST_RESIDENT);
        assertThat(ingest.process().isAlive() && dispatch.process().isAlive()).isTrue();
    }

    @Test
    @Tag("by-hand")
    void f45ABacklogAtStart() {
        route(to("/a"));
        RelayService first = ingest(HEAP).ready(); // from now on the broker queues
        assertThat(first.process().terminate(Duration.ofSeconds(15))).isZero();
        Run run = run("F45 backlog", 0, "/a");
        for (int i = 0; i < BACKLOG; i++) {
            run.load().publish(app + "/" + i % 200, TestMessage.next(100).payload());
        }
        run.load().stop();
        first.startAgain();
        RelayService dispatch = dispatch(HEAP).ready();
        run.healed();
        run.ends(this::unacknowledged, RECOVERY);
        run.figure("resident MB", mostResident(first, dispatch) >> 20);
        assertThat(mostResident(first, dispatch)).isLessThan(MOST_RESIDENT);
    }

    /** A payload that does not compress: otherwise it would be small for Kafka. */
    private byte[] large(int number) {
        byte[] noise = new byte[LARGE * 3 / 4];
        random.nextBytes(noise);
        String json = "{\"test-id\":\"large-" + number + "\",\"padding\":\""
                + Base64.getEncoder().encodeToString(noise) + "\"}";
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static long mostResident(RelayService one, RelayService other) {
        return Math.max(
                ProcessStatus.of(one).residentBytes(), ProcessStatus.of(other).residentBytes());
    }
}
