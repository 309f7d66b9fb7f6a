package io.mqttrelay.ingest.mqtt.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.value.HostPort;
import io.mqttrelay.ingest.mqtt.TestRoutes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The lookups of host names, with the real client. */
class HostLookupsTest {
    private static final int PATIENCE_SECONDS = 20;

    private final CountDownLatch nameServer = new CountDownLatch(1);
    private final Set<String> threads = ConcurrentHashMap.newKeySet();
    private final HiveMqLinks links =
            new HiveMqLinks(TestRoutes.route("mqtt5").broker(), "lookups", new EventLoops(this::find));

    private InetAddress find(String host) throws UnknownHostException {
        threads.add(Thread.currentThread().getName());
        if (host.startsWith("slow")) {
            try {
                nameServer.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new UnknownHostException(host);
        }
        return InetAddress.getLoopbackAddress();
    }

    @AfterEach
    void answer() {
        nameServer.countDown();
    }

    @Test
    void aSlowNameServerDelaysNoOtherBroker() throws Exception {
        CompletableFuture<Link.Ending> slow = null;
        for (int i = 0; i <= 2 * EventLoops.THREADS; i++) {
            slow = connect(new HostPort("slow-" + i % (EventLoops.THREADS + 1), 1883));
        }
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            var ended = connect(new HostPort("quick", server.getLocalPort()));
            server.accept().close();
            assertThat(ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS).text()).isNotEmpty();
        }
        assertThat(slow).isNotDone();
        assertThat(threads).hasSize(EventLoops.THREADS + 2).allMatch(name -> name.startsWith("ingest-dns-"));

        nameServer.countDown();
        assertThat(slow.get(PATIENCE_SECONDS, TimeUnit.SECONDS).text()).contains("slow-");
    }

    private CompletableFuture<Link.Ending> connect(HostPort address) throws IOException {
        CompletableFuture<Link.Ending> end = new CompletableFuture<>();
        var unused = links.open(address, new Link.Events() {
                    @Override
                    public void published(Publish publish, Runnable acknowledge) {}

                    @Override
                    public void ended(Link.Ending ending) {
                        end.complete(ending);
                    }
                })
                .connect();
        return end;
    }
}
