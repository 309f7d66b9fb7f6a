package io.mqttrelay.faults;

import io.mqttrelay.testkit.net.TcpProxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;

/**
 * Three Kafka brokers as processes: three copies of everything, two of which must be written. The test reaches them
 * directly, {@code ingest} and {@code dispatch} each through proxies of their own. Nodes are numbered from 1. Belongs to
 * the test's thread.
 */
final class KafkaCluster implements AutoCloseable {
    static final int NODES = 3;
    private static final Duration STOP = Duration.ofSeconds(60);

    /** Who reaches the brokers by which listener. */
    enum Listener {
        DIRECT,
        INGEST,
        DISPATCH
    }

    private final String clusterId = Uuid.randomUuid().toString();
    private final List<ClusterNode> nodes;

    private KafkaCluster(Path folder) {
        this.nodes = IntStream.rangeClosed(1, NODES)
                .mapToObj(id -> new ClusterNode(id, folder))
                .toList();
    }

    /** Starts them; returns when all serve. */
    static KafkaCluster launch(Path folder) {
        KafkaCluster cluster = new KafkaCluster(folder);
        try {
            cluster.startAll();
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    String bootstrapServers(Listener listener) {
        return nodes.stream().map(node -> node.address(listener)).collect(Collectors.joining(","));
    }

    /** Ends a node as a power cut does. */
    void kill(int id) {
        node(id).process().kill();
    }

    /** Ends a node as an operator does. */
    void stop(int id) {
        node(id).process().terminate(STOP);
    }

    /** A node stands still, its connections open. */
    void suspend(int id) {
        node(id).process().suspend();
    }

    void resume(int id) {
        node(id).process().resume();
    }

    /** Starts those that do not run; returns when they serve. It takes two to serve. */
    void startAll() {
        List<ClusterNode> down = nodes.stream().filter(node -> !node.runs()).toList();
        String voters = nodes.stream().map(ClusterNode::voter).collect(Collectors.joining(","));
        down.forEach(node -> node.begin(clusterId, voters));
        down.forEach(ClusterNode::awaitServing);
    }

    /** Does something to every proxy between the brokers and one of the services. */
    void each(Listener listener, Consumer<TcpProxy> action) {
        nodes.forEach(node -> action.accept(node.proxy(listener)));
    }

    /** Everything runs and passes again. */
    void heal() {
        nodes.stream().filter(ClusterNode::runs).forEach(node -> node.process().resume());
        startAll();
        each(Listener.INGEST, TcpProxy::pass);
        each(Listener.DISPATCH, TcpProxy::pass);
    }

    private ClusterNode node(int id) {
        return nodes.get(id - 1);
    }

    @Override
    public void close() {
        nodes.forEach(ClusterNode::close);
    }
}
