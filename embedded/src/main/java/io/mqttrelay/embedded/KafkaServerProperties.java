package io.mqttrelay.embedded;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/** The settings of a single Kafka server that is small and starts fast. */
final class KafkaServerProperties {
    static final int NODE_ID = 1;
    static final String CONTROLLER_LISTENER = "CONTROLLER";

    private KafkaServerProperties() {}

    /**
     * The settings of one node that is controller and broker.
     *
     * @param advertised {@code host:port} that clients must connect to
     * @param overrides override all other settings
     */
    static Properties of(int port, int controllerPort, String advertised, Path data, Map<String, String> overrides) {
        Properties p = new Properties();
        p.put("process.roles", "broker,controller");
        p.put("node.id", Integer.toString(NODE_ID));
        p.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        p.put("advertised.listeners", "PLAINTEXT://" + advertised);
        p.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        p.put("controller.listener.names", CONTROLLER_LISTENER);
        p.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
        p.put("log.dirs", data.toString());
        p.put("auto.create.topics.enable", "false");
        alone(p);
        small(p);
        quick(p);
        p.putAll(overrides);
        return p;
    }

    private static void alone(Properties p) {
        p.put("default.replication.factor", "1");
        p.put("offsets.topic.replication.factor", "1");
        p.put("transaction.state.log.replication.factor", "1");
        p.put("transaction.state.log.min.isr", "1");
        p.put("share.coordinator.state.topic.replication.factor", "1");
        p.put("share.coordinator.state.topic.min.isr", "1");
    }

    private static void small(Properties p) {
        p.put("num.partitions", "1");
        p.put("offsets.topic.num.partitions", "1");
        p.put("transaction.state.log.num.partitions", "1");
        p.put("share.coordinator.state.topic.num.partitions", "1");
        p.put("num.network.threads", "1");
        p.put("num.io.threads", "2");
        p.put("num.replica.fetchers", "1");
        p.put("background.threads", "1");
        p.put("num.recovery.threads.per.data.dir", "1");
        p.put("log.cleaner.threads", "1");
        p.put("log.cleaner.dedupe.buffer.size", "2097152"); // heap that is allocated at start; default: 128 MB
        p.put("log.index.size.max.bytes", "262144"); // each segment allocates this size twice
        p.put("log.segment.bytes", "16777216");
        p.put("offsets.topic.segment.bytes", "4194304");
        p.put("transaction.state.log.segment.bytes", "4194304");
        p.put("socket.send.buffer.bytes", "-1");
        p.put("socket.receive.buffer.bytes", "-1");
    }

    private static void quick(Properties p) {
        p.put("group.initial.rebalance.delay.ms", "0");
        p.put("group.min.session.timeout.ms", "500"); // so that a test can expire a member in a second
        p.put("group.consumer.min.session.timeout.ms", "500");
        p.put("group.consumer.min.heartbeat.interval.ms", "100");
        p.put("broker.heartbeat.interval.ms", "200"); // the broker serves after the second heartbeat
        p.put("broker.session.timeout.ms", "30000"); // a paused machine must not fence its only broker
        p.put("log.initial.task.delay.ms", "1000");
    }
}
