package io.mqttrelay.embedded;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.KRaftVersion;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/**
 * Apache Kafka's own server in this process: one node, KRaft, on loopback, without encryption.
 *
 * <p>{@link #stop()} and {@link #start()} keep port and data: clients see a restarted broker. Not thread-safe;
 * clients may use any thread.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

    private final DataFolder data;
    private final int port;
    private final Properties properties;
    private @Nullable KafkaRaftServer server;

    private EmbeddedKafka(DataFolder data, int port, Properties properties) {
        this.data = data;
        this.port = port;
        this.properties = properties;
    }

    /** A started server on a free port, its data in a temporary folder. */
    public static EmbeddedKafka launch() {
        return builder().launch();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The settings of a server. */
    public static final class Builder {
        private final Map<String, String> overrides = new HashMap<>();
        private @Nullable Path data;
        private int port;
        private @Nullable String advertised;

        private Builder() {}

        /**
         * Sets the folder of topics and offsets, which is kept. Without it, a temporary folder is used and deleted by
         * {@code close}.
         */
        public Builder data(Path folder) {
            this.data = folder;
            return this;
        }

        /** Sets the listen port; without it, a free one is used. */
        public Builder port(int number) {
            this.port = number;
            return this;
        }

        /** Sets the {@code host:port} that clients must connect to, for clients behind a proxy. */
        public Builder advertised(String hostAndPort) {
            this.advertised = hostAndPort;
            return this;
        }

        /** Sets any Kafka server setting; it overrides the settings chosen here. */
        public Builder property(String name, String value) {
            overrides.put(name, value);
            return this;
        }

        /**
         * Starts the server, and returns when it accepts records.
         *
         * @throws IllegalStateException with the reason if it cannot start
         */
        public EmbeddedKafka launch() {
            int listen = port == 0 ? LoopbackPorts.free() : port;
            if (!LoopbackPorts.isFree(listen)) {
                throw new IllegalStateException("port " + listen + " of 127.0.0.1 is taken");
            }
            String told = advertised == null ? "127.0.0.1:" + listen : advertised;
            DataFolder folder = DataFolder.open(data, "kafka");
            Properties properties =
                    KafkaServerProperties.of(listen, LoopbackPorts.free(), told, folder.path(), Map.copyOf(overrides));
            EmbeddedKafka kafka = new EmbeddedKafka(folder, listen, properties);
            try {
                kafka.start();
            } catch (RuntimeException e) {
                kafka.close();
                throw e;
            }
            return kafka;
        }
    }

    /** {@code 127.0.0.1:port}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    /** The folder of topics and offsets. */
    public Path data() {
        return data.path();
    }

    /** Starts the server again after {@link #stop()}; returns when it accepts records. */
    public void start() {
        if (server != null) {
            return;
        }
        try {
            formatOnce();
            KafkaRaftServer starting = new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM);
            server = starting;
            starting.startup();
        } catch (Exception e) {
            stop();
            throw new IllegalStateException("the embedded Kafka does not start: " + e.getMessage(), e);
        }
    }

    private void formatOnce() throws Exception {
        if (Files.exists(data.path().resolve("meta.properties"))) {
            return;
        }
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(KafkaServerProperties.NODE_ID)
                .setDirectories(List.of(data.path().toString()))
                .setMetadataLogDirectory(data.path().toString())
                .setControllerListenerName(KafkaServerProperties.CONTROLLER_LISTENER)
                .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .setFeatureLevel(KRaftVersion.FEATURE_NAME, KRaftVersion.KRAFT_VERSION_0.featureLevel())
                .run();
    }

    /** Stops the server; port and data are kept. Bounded: a server that hangs is abandoned on a daemon thread. */
    public void stop() {
        KafkaRaftServer stopping = server;
        if (stopping == null) {
            return;
        }
        server = null;
        Thread thread = new Thread(stopping::shutdown, "embedded-kafka-stop");
        thread.setDaemon(true);
        thread.start();
        try {
            thread.join(STOP_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@link #stop()}, and deletes the data if the folder is a temporary one. */
    @Override
    public void close() {
        stop();
        data.close();
    }
}
