package io.mqttrelay.embedded;

import com.hivemq.configuration.service.InternalConfigurations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Configures HiveMQ CE: its configuration file, and internal settings that the file does not have. */
final class HiveMqConfiguration {
    /**
     * Number of buckets of a store, each with its own files and writer. HiveMQ's default of 64 is for servers with
     * many clients; here it would only cost a second at start. A data folder must always be opened with the same
     * number.
     */
    private static final int BUCKETS = 4;

    private HiveMqConfiguration() {}

    /** Writes {@code config.xml}. */
    static void write(Path folder, int port, boolean keepsData, int maxQueueSize) throws IOException {
        String xml = """
                <?xml version="1.0"?>
                <hivemq>
                  <listeners>
                    <tcp-listener><port>%d</port><bind-address>127.0.0.1</bind-address></tcp-listener>
                  </listeners>
                  <persistence><mode>%s</mode></persistence>
                  <mqtt>
                    <queued-messages>
                      <max-queue-size>%d</max-queue-size>
                      <strategy>discard</strategy>
                    </queued-messages>
                  </mqtt>
                  <anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics>
                </hivemq>
                """.formatted(port, keepsData ? "file" : "in-memory", maxQueueSize);
        Files.writeString(Files.createDirectories(folder).resolve("config.xml"), xml);
    }

    /**
     * Makes the broker small. HiveMQ keeps these settings in static fields, so all brokers of this process share
     * them.
     */
    static void small() {
        InternalConfigurations.PERSISTENCE_BUCKET_COUNT.set(BUCKETS);
        InternalConfigurations.PAYLOAD_PERSISTENCE_BUCKET_COUNT.set(BUCKETS);
        InternalConfigurations.PERSISTENCE_STARTUP_THREAD_POOL_SIZE.set(2);
        InternalConfigurations.SINGLE_WRITER_THREAD_POOL_SIZE.set(2);
        InternalConfigurations.PAYLOAD_PERSISTENCE_CLEANUP_THREADS.set(1);
        InternalConfigurations.MQTT_EVENT_EXECUTOR_THREAD_COUNT.set(2);
        InternalConfigurations.PERSISTENCE_SHUTDOWN_GRACE_PERIOD_MSEC.set(100);
        InternalConfigurations.MANAGED_EXTENSION_EXECUTOR_SHUTDOWN_TIMEOUT_SEC.set(1);
        InternalConfigurations.JMX_REPORTER_ENABLED.set(false);
    }
}
