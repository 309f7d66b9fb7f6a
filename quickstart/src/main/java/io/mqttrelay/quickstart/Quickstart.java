package io.mqttrelay.quickstart;

import io.mqttrelay.common.cli.Version;
import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.dispatch.DispatchService;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.ingest.IngestService;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * Everything in one process, wired by hand:
 *
 * <pre>
 * DemoMessages -> MQTT broker -> IngestService -> Kafka -> DispatchService -> DemoCallback -> Screen
 *                 (embedded?)                  (embedded?)                     (embedded?)
 * </pre>
 */
final class Quickstart {
    /** What a part needs to end, and how. */
    private interface Closing {
        void close(Duration grace) throws Exception;
    }

    /** What a half that was just started is given to end again, because the other one cannot start. */
    private static final Duration GIVE_UP = Duration.ofSeconds(2);

    private final RelayConfig config;
    private final Deque<Closing> closings = new ArrayDeque<>(); // the last one started ends first
    private final IngestService ingest;
    private final DispatchService dispatch;
    private final DemoMessages demo;

    /**
     * Starts it all, from Kafka outwards.
     *
     * @param folder of the embedded servers' data
     * @param onFailure told, on any thread, of a defect that ends the process
     * @throws Exception in words; nothing runs then
     */
    static Quickstart start(
            RelayConfig given, Embedding embedding, Path folder, Screen screen, Consumer<Throwable> onFailure)
            throws Exception {
        return new Quickstart(given, embedding, Servers.start(embedding, folder), screen, onFailure);
    }

    private Quickstart(
            RelayConfig given, Embedding embedding, Servers servers, Screen screen, Consumer<Throwable> onFailure)
            throws Exception {
        EmbeddedKafka kafka = servers.kafka();
        config = kafka == null ? given : withKafka(given, kafka.bootstrapServers());
        closings.push(grace -> servers.close());
        try {
            for (int port : embedding.callbackPorts()) {
                DemoCallback callback = DemoCallback.start(port, screen);
                closings.push(grace -> callback.close());
            }
            dispatch = DispatchService.start(config, Version.current(), onFailure);
            closings.push(dispatch::close);
            ingest = IngestService.start(config, "quickstart", onFailure);
            closings.push(ingest::close);
            demo = new DemoMessages(config, embedding.mqttPorts(), ingest.adminAddress());
            closings.push(grace -> demo.close());
        } catch (Exception e) {
            close(GIVE_UP);
            throw e;
        }
    }

    private static RelayConfig withKafka(RelayConfig config, String bootstrapServers) {
        KafkaSettings kafka = config.kafka();
        KafkaSettings embedded = new KafkaSettings(
                bootstrapServers,
                kafka.topicPrefix(),
                kafka.partitions(),
                (short) 1, // there is one broker, whatever the file hopes for
                kafka.retention(),
                kafka.deadLetterRetention(),
                kafka.properties(),
                kafka.producer(),
                kafka.consumer());
        return new RelayConfig(
                config.routes(),
                embedded,
                config.ingest(),
                config.dispatch(),
                config.egress(),
                config.shutdownGrace(),
                config.admin(),
                config.log());
    }

    /** Begins to publish demo messages, where there is an embedded broker to take them. */
    void startDemo() {
        demo.start();
    }

    /** As the services have it: with the embedded Kafka, where there is one. */
    RelayConfig config() {
        return config;
    }

    InetSocketAddress ingestAdmin() {
        return ingest.adminAddress();
    }

    InetSocketAddress dispatchAdmin() {
        return dispatch.adminAddress();
    }

    /**
     * Ends it all, from the demo to Kafka.
     *
     * @param grace for each of the relay's halves
     */
    void close(Duration grace) throws Exception {
        for (Closing closing = closings.poll(); closing != null; closing = closings.poll()) {
            closing.close(grace);
        }
    }
}
