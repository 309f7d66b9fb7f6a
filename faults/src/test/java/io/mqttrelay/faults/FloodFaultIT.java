package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.faults.KafkaCluster.Listener;
import io.mqttrelay.testkit.guarantee.TestMessage;
import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import io.mqttrelay.testkit.net.TcpProxy;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** More messages arrive than can be passed on: with QoS 0, without a guarantee, and for a slow callback. */
@Tag("by-hand")
final class FloodFaultIT extends FaultScene {
    private static final int FLOOD = 40_000;
    private static final int IN_FLIGHT = 8;
    private static final Duration RECOVERY = Duration.ofSeconds(90);
    /** The lag is measured each second, with end offsets that may be older. */
    private static final Duration MEASURED = Duration.ofSeconds(10);

    private static final int NEARLY = 30;

    FloodFaultIT(KafkaCluster kafka) {
        super(kafka);
    }

    @Test
    void f52AFloodOfQos0TakesNothingFromQos1() {
        file("\"ingest\": {\"max_unacked\": \"4MB\"}");
        RelayService ingest = ingest().ready();
        dispatch().ready();
        Run run = run("F52", 50, "/a");
        run.flows(50);
        kafka.each(Listener.INGEST, TcpProxy::blackHole); // so that it cannot keep up
        try (MqttPublisher flood = new MqttPublisher(mosquitto.port())) {
            for (int i = 0; i < FLOOD; i++) {
                flood.send(app + "/flood", 0, TestMessage.next().payload());
            }
            flood.flush(Duration.ofSeconds(30));
            run.alsoSent(flood.sent());
        }
        Pause.forMillis(2000);
        double dropped = ingest.meter("relay_ingest_dropped_total", "qos0_overload");
        String connected = ingest.get("/health/ready");
        kafka.each(Listener.INGEST, TcpProxy::pass);
        run.healed();
        run.flows(100);
        long lines = ingest.process()
                .output()
                .lines()
                .filter(line -> line.contains("QoS 0 messages dropped"))
                .count();
        run.figure("QoS 0 dropped", dropped);
        run.figure("lines about it", lines);
        run.ends(unacknowledged(), RECOVERY);
        assertThat(dropped).isPositive();
        assertThat(lines).isBetween(1L, 3L);
        assertThat(connected).as("QoS 1 is still taken").doesNotContain("max_unacked");
    }

    @Test
    void f40TenTimesTheRateOfTheCallback() {
        route(to("/a"));
        route("\"timeout\": \"30s\", \"max_in_flight\": " + IN_FLIGHT);
        ingest().ready();
        RelayService dispatch = dispatch("-Xmx128m").ready();
        callback.on("/a", Answer.after(Duration.ofSeconds(2), Answer.status(200))); // four a second
        Run run = run("F40", 100, "/a");
        Pause.forMillis(5000);
        long early = dispatch.residentBytes();
        long most = 0;
        for (int second = 0; second < 30; second++) {
            Pause.forMillis(1000);
            most = Math.max(most, dispatch.residentBytes());
        }
        run.load().stop();
        Waiting waiting = waiting(run, dispatch);
        for (long end = System.nanoTime() + MEASURED.toNanos(); !waiting.agree() && System.nanoTime() < end; ) {
            Pause.shortly();
            waiting = waiting(run, dispatch);
        }
        run.figure("resident MB", most >> 20);
        run.figure("grew MB", (most - early) >> 20);
        run.figure("wait", waiting.really());
        run.figure("lag says", waiting.said());
        callback.on("/a", Answer.status(200));
        run.healed();
        run.ends(0, RECOVERY);
        assertThat(most).isLessThan(320L << 20);
        assertThat(waiting.agree()).as("%s", waiting).isTrue();
    }

    /** The real number of waiting messages, and the value of the meter. */
    private record Waiting(long really, double said) {
        boolean agree() {
            return Math.abs(said - really) <= NEARLY;
        }
    }

    private Waiting waiting(Run run, RelayService dispatch) {
        long really =
                (long) run.load().acknowledged().size() - callback.deliveries().size();
        return new Waiting(really, dispatch.meter("relay_dispatch_lag{", app));
    }
}
