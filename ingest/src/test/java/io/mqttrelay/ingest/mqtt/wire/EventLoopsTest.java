package io.mqttrelay.ingest.mqtt.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.value.HostPort;
import io.mqttrelay.embedded.LoopbackPorts;
import io.mqttrelay.ingest.mqtt.TestRoutes;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The groups of event loops, with the real client and a broker of a few bytes. */
class EventLoopsTest {
    private static final int PATIENCE_SECONDS = 20;
    private static final List<String> FIRST_GROUP = IntStream.rangeClosed(1, EventLoops.THREADS)
            .mapToObj(number -> "ingest-mqtt-" + number)
            .toList();

    private final HiveMqLinks links = new HiveMqLinks(TestRoutes.route("mqtt5").broker(), "loops", new EventLoops());
    private ServerSocket server;
    private Socket standing;

    @BeforeEach
    void connect() throws Exception {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        standing = accepted(new Ended());
    }

    @AfterEach
    void close() throws IOException {
        standing.close();
        server.close();
    }

    @Test
    void failedAttemptsLeaveOneGroup() throws Exception {
        HostPort nowhere = new HostPort("127.0.0.1", LoopbackPorts.free());
        Set<String> threads = new HashSet<>();
        for (int attempt = 0; attempt < 1000; attempt++) {
            Ended ended = new Ended();
            Link link = links.open(nowhere, ended);
            var unused = link.connect();
            threads.add(ended.thread());
            link.ended();
        }
        assertThat(FIRST_GROUP).containsAll(threads);
    }

    @Test
    void acceptedConnectionsGetANewGroupFromTimeToTime() throws Exception {
        for (int connection = 2; connection <= EventLoops.CONNECTIONS; connection++) {
            assertThat(FIRST_GROUP).contains(threadOfAccepted());
        }
        assertThat(FIRST_GROUP).doesNotContain(threadOfAccepted());
    }

    private String threadOfAccepted() throws Exception {
        Ended ended = new Ended();
        accepted(ended).close();
        return ended.thread();
    }

    private Socket accepted(Ended ended) throws Exception {
        CompletableFuture<?> connack = links.open(new HostPort("127.0.0.1", server.getLocalPort()), ended)
                .connect();
        Socket broker = server.accept();
        DataInputStream in = new DataInputStream(broker.getInputStream());
        assertThat(in.read()).as("CONNECT").isEqualTo(0x10);
        in.readFully(new byte[in.read()]);
        broker.getOutputStream().write(new byte[] {0x20, 3, 0, 0, 0});
        connack.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return broker;
    }

    /** The end of a connection, and its event loop. */
    private static final class Ended implements Link.Events {
        private final CompletableFuture<String> thread = new CompletableFuture<>();

        @Override
        public void published(Publish publish, Runnable acknowledge) {}

        @Override
        public void ended(Link.Ending ending) {
            thread.complete(Thread.currentThread().getName());
        }

        String thread() throws Exception {
            return thread.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }
}
