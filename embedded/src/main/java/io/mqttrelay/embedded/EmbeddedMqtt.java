package io.mqttrelay.embedded;

import com.hivemq.embedded.EmbeddedHiveMQ;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An MQTT broker (HiveMQ CE) in this process: MQTT 5 and 3.1.1 over TCP on loopback, without users or encryption.
 *
 * <p>{@link #stop()} and {@link #start()} keep the port, and with {@link Builder#keepingSessions()} also sessions,
 * queued and retained messages. Not thread-safe; clients may use any thread.
 */
public final class EmbeddedMqtt implements AutoCloseable {
    private static final int TIMEOUT_SECONDS = 60;
    private static final int DEFAULT_MAX_QUEUE_SIZE = 1_000_000;

    private final DataFolder data;
    private final int port;
    private @Nullable EmbeddedHiveMQ broker;

    private EmbeddedMqtt(DataFolder data, int port) {
        this.data = data;
        this.port = port;
    }

    /** Starts a broker on a free port that keeps everything in memory. */
    public static EmbeddedMqtt launch() {
        return builder().launch();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The settings of a broker. */
    public static final class Builder {
        private @Nullable Path data;
        private int port;
        private boolean keepingSessions;
        private int maxQueueSize = DEFAULT_MAX_QUEUE_SIZE;

        private Builder() {}

        /**
         * Sets the folder of the broker's files, which is kept. Without it, a temporary folder is used and deleted by
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

        /** Keeps sessions, queued and retained messages over a restart, in files instead of in memory. */
        public Builder keepingSessions() {
            this.keepingSessions = true;
            return this;
        }

        /** Sets the queue limit of one disconnected client; further messages are dropped. The default is a million. */
        public Builder maxQueueSize(int messages) {
            this.maxQueueSize = messages;
            return this;
        }

        /**
         * Starts the broker, and returns when it accepts connections.
         *
         * @throws IllegalStateException with the reason if it cannot start
         */
        public EmbeddedMqtt launch() {
            DataFolder folder = DataFolder.open(data, "mqtt");
            EmbeddedMqtt mqtt = new EmbeddedMqtt(folder, port == 0 ? LoopbackPorts.free() : port);
            try {
                HiveMqConfiguration.write(mqtt.folder("conf"), mqtt.port, keepingSessions, maxQueueSize);
                mqtt.start();
                return mqtt;
            } catch (IOException e) {
                mqtt.close();
                throw new IllegalStateException("cannot write the embedded MQTT broker's configuration", e);
            } catch (RuntimeException e) {
                mqtt.close();
                throw e;
            }
        }
    }

    private Path folder(String name) {
        return data.path().resolve(name);
    }

    public int port() {
        return port;
    }

    /** Starts the broker again after {@link #stop()}; returns when it accepts connections. */
    public void start() {
        if (broker != null) {
            return;
        }
        if (!LoopbackPorts.isFree(port)) { // HiveMQ would only log it
            throw new IllegalStateException("port " + port + " of 127.0.0.1 is taken");
        }
        HiveMqConfiguration.small();
        Thread.UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
        try {
            EmbeddedHiveMQ starting = EmbeddedHiveMQ.builder()
                    .withConfigurationFolder(folder("conf"))
                    .withDataFolder(Files.createDirectories(folder("data")))
                    .withExtensionsFolder(Files.createDirectories(folder("extensions")))
                    .withoutLoggingBootstrap()
                    .build();
            broker = starting;
            await(starting.start());
        } catch (IOException e) {
            throw new IllegalStateException("cannot make the embedded MQTT broker's folders", e);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(handler); // HiveMQ sets a handler that may end the process
        }
    }

    /** Stops the broker; the port is kept. Bounded. */
    public void stop() {
        EmbeddedHiveMQ stopping = broker;
        if (stopping == null) {
            return;
        }
        broker = null;
        await(stopping.stop());
        try {
            stopping.close();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the embedded MQTT broker does not close", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(CompletableFuture<Void> change) {
        try {
            change.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the embedded MQTT broker failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "the embedded MQTT broker took more than " + TIMEOUT_SECONDS + " s to start or stop", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the embedded MQTT broker started or stopped", e);
        }
    }

    /** {@link #stop()}, and deletes the data if the folder is a temporary one. */
    @Override
    public void close() {
        try {
            stop();
        } finally {
            data.close();
        }
    }
}
