package io.mqttrelay.quickstart;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.value.HostPort;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Publishes a demo message every two seconds, so that the user sees deliveries. It publishes to embedded brokers
 * only, never to a broker of the user. One thread.
 */
final class DemoMessages {
    private static final int EVERY_MILLIS = 2000;
    private static final int READY_POLL_MILLIS = 50;
    private static final int READY_POLLS = 600;
    private static final int HTTP_MILLIS = 1000;

    private final List<Feed> feeds;
    private final InetSocketAddress ingestAdmin;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "quickstart-demo");

    /** One embedded broker and the topics of its routes. */
    private record Feed(Mqtt5AsyncClient client, List<String> topics) {}

    DemoMessages(RelayConfig config, Set<Integer> mqttPorts, InetSocketAddress ingestAdmin) {
        this.ingestAdmin = ingestAdmin;
        this.feeds = new ArrayList<>();
        for (int port : mqttPorts) {
            List<String> topics = topics(config, port);
            if (!topics.isEmpty()) {
                feeds.add(new Feed(client(port), topics));
            }
        }
        thread.setDaemon(true);
    }

    private static List<String> topics(RelayConfig config, int port) {
        return config.routes().stream()
                .filter(Route::enabled)
                .filter(route -> route.broker().addresses().stream().anyMatch(address -> isHere(address, port)))
                .flatMap(route -> DemoTopics.of(route).stream())
                .distinct()
                .toList();
    }

    private static boolean isHere(HostPort address, int port) {
        return address.port() == port && Loopback.is(address.host());
    }

    private static Mqtt5AsyncClient client(int port) {
        return Mqtt5Client.builder()
                .identifier("relay-demo-messages")
                .serverHost("127.0.0.1")
                .serverPort(port)
                .automaticReconnectWithDefaultConfig()
                .buildAsync();
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            feeds.forEach(feed -> feed.client().connect().join());
            awaitIngest();
            for (long number = 1; !closed.await(number == 1 ? 0 : EVERY_MILLIS, TimeUnit.MILLISECONDS); number++) {
                for (Feed feed : feeds) {
                    publish(feed, number);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until ingest has subscribed, because no broker keeps earlier messages. */
    private void awaitIngest() throws InterruptedException {
        for (int i = 0; i < READY_POLLS && !ingestIsReady(); i++) {
            if (closed.await(READY_POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }

    private boolean ingestIsReady() {
        URI ready = URI.create("http://" + StartupText.shown(ingestAdmin) + "/health/ready?all");
        try {
            HttpURLConnection connection = (HttpURLConnection) ready.toURL().openConnection();
            connection.setConnectTimeout(HTTP_MILLIS);
            connection.setReadTimeout(HTTP_MILLIS);
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException e) {
            return false;
        }
    }

    private static void publish(Feed feed, long number) {
        String topic = feed.topics().get((int) ((number - 1) % feed.topics().size()));
        String json = String.format(Locale.ROOT, "{\"demo\":%d,\"t\":%.1f}", number, 20 + number % 50 / 10.0);
        var unused = feed.client()
                .publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(json.getBytes(StandardCharsets.UTF_8))
                .send();
    }

    void close() throws InterruptedException {
        closed.countDown();
        thread.interrupt();
        thread.join(HTTP_MILLIS);
        feeds.stream()
                .map(Feed::client)
                .filter(client -> client.getState().isConnected())
                .forEach(client -> {
                    var unused = client.disconnect();
                });
    }
}
