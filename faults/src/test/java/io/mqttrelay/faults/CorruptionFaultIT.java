package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.faults.KafkaCluster.Listener;
import io.mqttrelay.testkit.http.CallbackServer;
import io.mqttrelay.testkit.mqtt.MosquittoConfiguration;
import io.mqttrelay.testkit.net.TcpProxy;
import io.mqttrelay.testkit.net.TcpProxy.Direction;
import io.mqttrelay.testkit.net.TestCertificates;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A byte changes on the network and TCP does not notice it: data with its own checksum, TLS and Kafka's records, is
 * sent again, and bodies are right.
 */
@Tag("by-hand")
final class CorruptionFaultIT extends FaultScene {
    private static final int RATE = 100;
    private static final int BYTES = 2; // each way; after each, connecting again waits longer
    private static final int MESSAGE = 400; // a message and its frame are larger, everything else is smaller
    private static final int ACKNOWLEDGEMENT = 20;
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    private TestCertificates certificates;
    private RelayService ingest;

    CorruptionFaultIT(KafkaCluster kafka) {
        super(kafka);
    }

    @Override
    MosquittoConfiguration mosquitto() {
        certificates = new TestCertificates(folder);
        return super.mosquitto().tls(certificates);
    }

    private String tls() {
        return "\"tls\": {\"ca_file\": \"" + certificates.caFile() + "\"}";
    }

    @Test
    void f23BetweenTheMqttBrokerAndIngest() {
        mqtt = opened(TcpProxy.to(mosquitto.tlsPort()));
        within("broker", tls());
        Run run = flowing("F23 MQTT");
        for (int i = 0; i < 2 * BYTES; i++) {
            boolean message = i % 2 == 0;
            corrupt(mqtt, message ? Direction.TO_CLIENT : Direction.TO_SERVER, message ? MESSAGE : ACKNOWLEDGEMENT);
            mqtt.refuse();
            Pause.until(RECOVERY, () -> ingest.meter("relay_ingest_unacked", app) == 0);
            run.awaitCaughtUp(0, RECOVERY);
            callback.declareCrash(); // unacknowledged messages come again
            mqtt.pass();
            run.flows(RATE);
        }
        run.healed();
        assertThat(mqtt.corrupted()).isEqualTo(2 * BYTES);
        assertThat(mqtt.acceptedConnections()).as("each cost a connection").isGreaterThan(2 * BYTES);
        run.ends(unacknowledged(), RECOVERY);
    }

    @Test
    void f23BetweenKafkaAndTheServices() {
        within("kafka", "\"producer\": {\"compression.type\": \"none\"}"); // so that payloads are most of the bytes
        Run run = flowing("F23 Kafka");
        for (int i = 0; i < BYTES; i++) {
            kafka.each(Listener.INGEST, proxy -> proxy.corrupt(Direction.TO_SERVER, MESSAGE));
            run.flows(RATE);
            kafka.each(Listener.DISPATCH, proxy -> proxy.corrupt(Direction.TO_CLIENT, MESSAGE));
            run.flows(RATE);
        }
        run.healed();
        run.ends(0, RECOVERY);
    }

    @Test
    void f23BetweenDispatchAndTheCallback() {
        callback = opened(CallbackServer.startTls(certificates.context(certificates.localServer())));
        TcpProxy front = opened(TcpProxy.to(callback.port()));
        route(addresses("https://127.0.0.1:" + front.port() + "/a"));
        route(tls());
        Run run = flowing("F23 HTTP");
        for (int i = 0; i < BYTES; i++) {
            for (Direction direction : List.of(Direction.TO_SERVER, Direction.TO_CLIENT)) {
                corrupt(front, direction, direction == Direction.TO_SERVER ? MESSAGE : ACKNOWLEDGEMENT);
                run.flows(RATE);
            }
        }
        run.healed();
        run.ends(BYTES, RECOVERY); // answers that could not be read
        assertThat(run.dead()).isEmpty();
    }

    private Run flowing(String row) {
        ingest = ingest().ready();
        dispatch().ready();
        Run run = run(row, RATE, "/a");
        run.flows(RATE);
        return run;
    }

    private static void corrupt(TcpProxy proxy, Direction direction, int atLeast) {
        int before = proxy.corrupted();
        proxy.corrupt(direction, atLeast);
        Pause.until(RECOVERY, () -> proxy.corrupted() > before);
    }
}
