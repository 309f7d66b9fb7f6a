package io.mqttrelay.ingest.mqtt.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.config.Broker;
import io.mqttrelay.common.config.value.HostPort;
import io.mqttrelay.common.config.value.MqttVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The gate in the pipeline of the real client, with a broker of a few bytes. */
class GateInClientTest {
    private static final int PATIENCE_SECONDS = 20;
    private static final int MAX_MESSAGE = 200_000;

    private final BlockingQueue<Publish> arrived = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private final Room room = new Room();
    private final BlockingQueue<Runnable> acknowledgements = new LinkedBlockingQueue<>();
    private volatile boolean keepsAcknowledgements;
    private ServerSocket server;
    private Socket broker;
    private Link link;

    private static final class Room implements ReadLimit {
        volatile boolean full;
        volatile @Nullable Runnable waiting;

        @Override
        public Decision ask(int qos, long bytes) {
            if (!full) {
                return Decision.READ;
            }
            return qos == 0 ? Decision.SKIP : Decision.WAIT;
        }

        @Override
        public void settled(int qos, long bytes) {
            // without a bound
        }

        @Override
        public void whenRoom(long bytes, Runnable retry) {
            waiting = retry;
        }

        @Override
        public void forget(Runnable retry) {
            waiting = null;
        }

        @Override
        public long maxMessage() {
            return MAX_MESSAGE;
        }
    }

    @BeforeEach
    void connect() throws Exception {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        HostPort address = new HostPort("127.0.0.1", server.getLocalPort());
        Broker settings = new Broker(
                null, null, 60, List.of(address), MqttVersion.V5, null, null, Duration.ZERO, 65_535, null, true, false);
        link = new HiveMqLinks(settings, "gate", new EventLoops()).open(address, new Link.Events() {
            @Override
            public void published(Publish publish, Runnable acknowledge) {
                arrived.add(publish);
                if (keepsAcknowledgements) {
                    acknowledgements.add(acknowledge);
                } else {
                    acknowledge.run();
                }
            }

            @Override
            public ReadLimit readLimit() {
                return room;
            }

            @Override
            public void ended(Link.Ending ending) {
                ended.complete(ending.text());
            }
        });
        CompletableFuture<?> connack = link.connect();
        broker = server.accept();
        broker.setSoTimeout(PATIENCE_SECONDS * 1000);
        packet();
        broker.getOutputStream().write(new byte[] {0x20, 3, 0, 0, 0});
        connack.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws IOException {
        broker.close();
        server.close();
    }

    /** The type of the next packet of the client. */
    private int packet() throws IOException {
        int first = broker.getInputStream().read();
        int length = broker.getInputStream().read();
        assertThat(length).isBetween(0, 127);
        broker.getInputStream().readNBytes(length);
        return first >> 4;
    }

    private void send(int qos, String topic, int size) throws IOException {
        broker.getOutputStream().write(Packets.publish(qos, topic, 0, new byte[size]));
    }

    private Publish next() throws InterruptedException {
        return arrived.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void aMessageWithoutRoomWaitsInTheSocket() throws Exception {
        send(1, "a", 10);
        assertThat(next().topic()).isEqualTo("a");
        assertThat(packet()).as("PUBACK").isEqualTo(4);

        room.full = true;
        send(0, "skipped", 10);
        send(1, "b", 100_000);
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> room.waiting != null);
        assertThat(link.isReading()).isFalse();
        assertThat(arrived).isEmpty();

        room.full = false;
        room.waiting.run();
        Publish b = next();
        assertThat(b.topic()).isEqualTo("b");
        assertThat(b.size()).isEqualTo(100_000);
        assertThat(packet()).isEqualTo(4);
        assertThat(link.isReading()).isTrue();
        assertThat(ended).isNotDone();
    }

    @Test
    void aMessageThatIsTooLargeIsCutAndAcknowledged() throws Exception {
        send(2, "huge", 3_000_000);
        Publish huge = next();
        assertThat(huge.topic()).isEqualTo("huge");
        CutPayload cut = CutPayload.of(huge.payload());
        assertThat(cut).isNotNull();
        assertThat(cut.size()).isEqualTo(3_000_000);
        assertThat(cut.head().remaining()).isEqualTo(64 * 1024);
        assertThat(packet()).as("PUBREC").isEqualTo(5);
    }

    @Test
    void anUnreadableMessageThatIsTooLargeIsCut() throws Exception {
        send(1, "no/#/topic", 3_000_000);
        Publish huge = next();
        assertThat(huge.topic()).isEqualTo("no/#/topic");
        assertThat(huge.unreadable()).isNotNull();
        assertThat(CutPayload.of(huge.payload())).isNotNull();
        assertThat(packet()).isEqualTo(4);
    }

    @Test
    void itDisconnectsWhileAMessageWaits() throws Exception {
        room.full = true;
        send(1, "a", 10);
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> room.waiting != null);
        CompletableFuture<Void> closed = link.disconnect();
        assertThat(packet()).as("DISCONNECT").isEqualTo(14);
        broker.close();
        closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(room.waiting).isNull();
        assertThat(arrived).isEmpty();
    }

    @Test
    void aReusedIdentifierWaitsForTheAcknowledgement() throws Exception {
        keepsAcknowledgements = true;
        send(1, "first", 10);
        send(1, "second", 10); // every message here has one identifier
        assertThat(next().topic()).isEqualTo("first");
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> !link.isReading());
        assertThat(arrived).isEmpty();

        acknowledgements.take().run();
        assertThat(packet()).as("PUBACK").isEqualTo(4);
        assertThat(next().topic()).isEqualTo("second");
        acknowledgements.take().run();
        assertThat(packet()).as("PUBACK").isEqualTo(4);
        assertThat(ended).isNotDone();
    }
}
