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
 * All parts of the relay and its servers in one process, wired by hand:
 *
 * <pre>
 * DemoMessages -> MQTT broker -> IngestService -> Kafka -> DispatchService -> DemoCallback -> Screen
 *                 (embedded?)                  (embedded?)                     (embedded?)
 * </pre>
 */
final class Quickstart {
    /** Closes one part. */
    private interface Closing {
        void close(Duration grace) throws Exception;
    }

    /** The time to close a started part after a later one could not start. */
    private static final Duration GIVE_UP = Duration.ofSeconds(2);

    private final RelayConfig config;
    private final Deque<Closing> closings = new ArrayDeque<>(); // the last part started is closed first
    private final IngestService ingest;
    private final DispatchService dispatch;
    private final DemoMessages demo;

    /**
     * Starts all parts, Kafka first.
     *
     * @param folder of the embedded servers' data
     * @param onFailure called, on any thread, with a defect that must end the process
     * @throws Exception with a message for the user; no part runs then
     */
    static Quickstart start(
            RelayConfig given, Embedding embedding, Path folder, Screen screen, Consumer<Throwable> onFailure)
            throws Exception {
        IngestService.prepare(); // before the embedded MQTT broker uses Netty
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
                (short) 1, // there is only one broker, so the file's value cannot be used
                kafka.retention(),
                kafka.deadLetterRetention(),
                kafka.properties(),
                kafka.producer(),
                kafka.consumer());
        return new RelayConfig(
                config.routes(),
                config.targets(),
                embedded,
                config.ingest(),
                config.dispatch(),
                config.egress(),
                config.shutdownGrace(),
                config.admin(),
                config.log());
    }

    /** Starts to publish demo messages to the embedded brokers, if there are any. */
    void startDemo() {
        demo.start();
    }

    /** The configuration of the services, with the address of the embedded Kafka if there is one. */
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
     * Closes all parts, the demo first and Kafka last.
     *
     * @param grace for each of the relay's halves
     */
    void close(Duration grace) throws Exception {
        for (Closing closing = closings.poll(); closing != null; closing = closings.poll()) {
            closing.close(grace);
        }
    }
}
