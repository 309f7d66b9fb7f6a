package io.mqttrelay.ingest.mqtt.wire;

import io.mqttrelay.common.config.value.HostPort;
import io.mqttrelay.ingest.mqtt.TestRoutes;
import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * Prints the handler next to the socket of each connection that the MQTT client makes. Netty finds this class in the
 * same way as the relay's, and calls it after that.
 */
public final class FirstConnection extends ChannelInitializerExtension {
    static final String NEXT_TO_THE_SOCKET = "next to the socket: ";

    private static volatile boolean asked;

    /** Makes one connection, to a server that never answers, in a process in which Netty was not used before. */
    public static void main(String[] words) throws Exception {
        asked = true;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            HostPort address = new HostPort("127.0.0.1", server.getLocalPort());
            var unused = new HiveMqLinks(TestRoutes.route(words[0]).broker(), "first", new EventLoops())
                    .open(address, new Link.Events() {
                        @Override
                        public void published(Publish publish, Runnable acknowledge) {}

                        @Override
                        public void ended(Link.Ending ending) {
                            System.out.println("ended: " + ending.text());
                        }
                    })
                    .connect();
            server.accept().getInputStream().read();
        }
    }

    @Override
    public double priority() {
        return Double.MAX_VALUE;
    }

    @Override
    public void postInitializeClientChannel(Channel channel) {
        if (asked) { // not in other tests' processes
            System.out.println(
                    NEXT_TO_THE_SOCKET + channel.pipeline().first().getClass().getSimpleName());
        }
    }
}
