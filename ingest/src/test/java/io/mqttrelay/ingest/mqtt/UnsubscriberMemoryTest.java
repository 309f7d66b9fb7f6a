package io.mqttrelay.ingest.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.Broker;
import io.mqttrelay.common.config.value.HostPort;
import io.mqttrelay.common.config.value.MqttVersion;
import io.mqttrelay.ingest.mqtt.wire.EventLoops;
import io.mqttrelay.ingest.mqtt.wire.HiveMqLinks;
import io.mqttrelay.ingest.mqtt.wire.Link;
import io.mqttrelay.ingest.mqtt.wire.Packets;
import io.mqttrelay.ingest.mqtt.wire.Publish;
import io.mqttrelay.ingest.mqtt.wire.ReadLimit;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The messages that a kept session sends before UNSUBACK, with the real client and a broker of a few bytes. */
class UnsubscriberMemoryTest {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int MESSAGES = 200;
    private static final int MESSAGE = 256 * 1024;
    /** Of the packet identifier's second byte: behind a fixed header of four bytes and the topic. */
    private static final int IDENTIFIER_AT = 4 + 2 + "a/1".length() + 1;

    private final ManualControl control = new ManualControl();
    private final AtomicInteger decoded = new AtomicInteger();
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void messagesOfTheSessionAreNotRead(int qos) throws Exception {
        control.execute(unsubscriber()::start);
        control.run();
        try (Socket broker = server.accept()) {
            broker.setSoTimeout(PATIENCE_MILLIS);
            DataInputStream in = new DataInputStream(broker.getInputStream());
            packet(in);
            broker.getOutputStream().write(new byte[] {0x20, 3, 1, 0, 0});

            byte[] unsubscribe = packet(in);
            assertThat(unsubscribe[0] & 0xF0).as("UNSUBSCRIBE").isEqualTo(0xA0);
            byte[] message = Packets.publish(qos, "a/1", 0, new byte[MESSAGE]);
            for (int sent = 0; sent < MESSAGES; sent++) {
                if (qos > 0) {
                    message[IDENTIFIER_AT] = (byte) (sent + 1);
                }
                broker.getOutputStream().write(message);
            }
            broker.getOutputStream().write(new byte[] {(byte) 0xB0, 5, unsubscribe[2], unsubscribe[3], 0, 0, 0});

            assertThat(packet(in)[0])
                    .as("DISCONNECT, without an acknowledgement before it")
                    .isEqualTo((byte) 0xE0);
        }
        assertThat(decoded).hasValue(0);
    }

    private Unsubscriber unsubscriber() {
        HostPort address = new HostPort("127.0.0.1", server.getLocalPort());
        Broker settings = new Broker(
                null,
                null,
                60,
                List.of(address),
                MqttVersion.V5,
                null,
                null,
                Duration.ofDays(7),
                65_535,
                null,
                true,
                false);
        Link.Factory links = new HiveMqLinks(settings, "disabled", new EventLoops());
        return new Unsubscriber(
                TestRoutes.route("mqtt5"),
                (named, events) -> links.open(address, new Watched(events)),
                control,
                new SplittableRandom(1));
    }

    /** The first byte of the client's next packet, the length, and the rest. */
    private static byte[] packet(DataInputStream in) throws IOException {
        byte first = in.readByte();
        byte length = in.readByte();
        assertThat(length).isNotNegative();
        byte[] packet = new byte[2 + length];
        packet[0] = first;
        packet[1] = length;
        in.readFully(packet, 2, length);
        return packet;
    }

    private final class Watched implements Link.Events {
        private final Link.Events events;

        private Watched(Link.Events events) {
            this.events = events;
        }

        @Override
        public void published(Publish publish, Runnable acknowledge) {
            decoded.incrementAndGet();
            events.published(publish, acknowledge);
        }

        @Override
        public void arriving() {
            events.arriving();
        }

        @Override
        public boolean takes(int qos) {
            return events.takes(qos);
        }

        @Override
        public ReadLimit readLimit() {
            return events.readLimit();
        }

        @Override
        public void ended(Link.Ending ending) {
            events.ended(ending);
        }
    }
}
