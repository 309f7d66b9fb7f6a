package io.mqttrelay.ingest.mqtt.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.config.Broker;
import io.mqttrelay.common.config.value.HostPort;
import io.mqttrelay.common.config.value.MqttVersion;
import io.mqttrelay.common.config.value.TlsSettings;
import io.mqttrelay.testkit.mqtt.MosquittoProcess;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import io.mqttrelay.testkit.mqtt.RequiresMosquitto;
import io.mqttrelay.testkit.net.TestCertificates;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A connection whose socket is not read, with a real broker. */
@RequiresMosquitto
final class WireIT {
    private static final int KEEP_ALIVE_SECONDS = 1;
    private static final int PATIENCE_SECONDS = 20;
    private static final int PAYLOAD = 40_000;
    /** Over WebSocket, Mosquitto 2.0.11 sends one packet a second beyond the first 20. */
    private static final int MESSAGES = 22;

    private final AtomicInteger arrived = new AtomicInteger();
    private final AtomicReference<Runnable> waiting = new AtomicReference<>();
    private volatile boolean full;

    /** Has room unless the test says otherwise. */
    private final ReadLimit readLimit = new ReadLimit() {
        @Override
        public Decision ask(int qos, long bytes) {
            return full ? Decision.WAIT : Decision.READ;
        }

        @Override
        public void settled(int qos, long bytes) {
            // not counted
        }

        @Override
        public void whenRoom(long bytes, Runnable retry) {
            waiting.set(retry);
        }

        @Override
        public void forget(Runnable retry) {
            waiting.compareAndSet(retry, null);
        }

        @Override
        public long maxMessage() {
            return Long.MAX_VALUE;
        }
    };

    private final CompletableFuture<String> ended = new CompletableFuture<>();

    @ParameterizedTest
    @CsvSource({"tcp,V5", "tls,V3_1_1", "ws,V5"})
    void standsUnreadBeyondTheKeepAlive(String transport, MqttVersion version, @TempDir Path folder) throws Exception {
        TestCertificates certificates = new TestCertificates(folder);
        try (MosquittoProcess mosquitto = MosquittoProcess.builder()
                        .tls(certificates)
                        .websockets()
                        .launch();
                MqttPublisher publisher = new MqttPublisher(mosquitto.port())) {
            Link link = link(mosquitto, transport, version, certificates);
            link.connect().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            link.subscribe(List.of(new Link.Filter("wire", 1)), false).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            full = true;
            publish(publisher, MESSAGES);
            int read = arrived.get();
            assertThat(read).as("the rest waits in TCP and the broker").isLessThan(MESSAGES);

            assertThat(ended).failsWithin(Duration.ofSeconds(4L * KEEP_ALIVE_SECONDS)); // stands
            assertThat(arrived).hasValue(read);

            room();
            await().atMost(Duration.ofSeconds(PATIENCE_SECONDS)).until(() -> arrived.get() == MESSAGES);
            assertThat(ended).failsWithin(Duration.ofSeconds(2L * KEEP_ALIVE_SECONDS));

            full = true;
            publish(publisher, MESSAGES);
            link.disconnect().get(2, TimeUnit.SECONDS);
            link.ended();
        }
    }

    private Link link(
            MosquittoProcess mosquitto, String transport, MqttVersion version, TestCertificates certificates) {
        int port = switch (transport) {
            case "tls" -> mosquitto.tlsPort();
            case "ws" -> mosquitto.websocketPort();
            default -> mosquitto.port();
        };
        HostPort address = new HostPort("127.0.0.1", port);
        Broker broker = new Broker(
                null,
                null,
                KEEP_ALIVE_SECONDS,
                List.of(address),
                version,
                transport.equals("tls") ? new TlsSettings(certificates.caFile(), null, null, true) : null,
                transport.equals("ws") ? "mqtt" : null,
                Duration.ZERO,
                65_535,
                null,
                true,
                false);
        return new HiveMqLinks(broker, "wire", new EventLoops()).open(address, new Link.Events() {
            @Override
            public ReadLimit readLimit() {
                return readLimit;
            }

            @Override
            public void published(Publish publish, Runnable acknowledge) {
                arrived.incrementAndGet();
                acknowledge.run();
            }

            @Override
            public void ended(Link.Ending ending) {
                ended.complete(ending.text());
            }
        });
    }

    private void room() {
        full = false;
        Runnable retry = waiting.getAndSet(null);
        if (retry != null) {
            retry.run();
        }
    }

    private static void publish(MqttPublisher publisher, int count) {
        for (int i = 0; i < count; i++) {
            publisher.send("wire", 1, new byte[PAYLOAD]);
        }
        publisher.flush();
    }
}
