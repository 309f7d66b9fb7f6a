package io.mqttrelay.faults;

import io.mqttrelay.testkit.net.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Three Kafka brokers as processes: three copies of each record, two of which must be written. The test reaches them
 * directly, {@code ingest} and {@code dispatch} each through their own proxies. Nodes are numbered from 1. Belongs to
 * the test's thread.
 */
final class KafkaCluster implements AutoCloseable {
    static final int NODES = 3;
    private static final Duration STOP = Duration.ofSeconds(60);

    /** The clients of each listener. */
    enum Listener {
        DIRECT,
        INGEST,
        DISPATCH,
        BROKERS
    }

    /**
     * The special properties of a cluster.
     *
     * @param diskMegabytes the size of each node's own disk; 0: the data is in the folder's file system
     * @param separable its nodes can be cut off from each other
     */
    record Kind(int diskMegabytes, boolean separable) {
        static final Kind COMMON = new Kind(0, false);
    }

    private final String clusterId = Uuid.randomUuid().toString();
    private final List<ClusterNode> nodes;
    private final @Nullable BrokerLinks links;

    private KafkaCluster(Path folder, Kind kind) {
        this.nodes = IntStream.rangeClosed(1, NODES)
                .mapToObj(id -> new ClusterNode(id, folder, kind))
                .toList();
        this.links = kind.separable() ? BrokerLinks.between(nodes, folder) : null;
    }

    /** Starts the brokers; returns when all serve. */
    static KafkaCluster launch(Path folder) {
        return launch(folder, Kind.COMMON);
    }

    /** Starts a cluster for one row, in {@code target}. */
    static KafkaCluster launch(Kind kind) {
        try {
            Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
            return launch(Files.createTempDirectory(target, "kafka-"), kind);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KafkaCluster launch(Path folder, Kind kind) {
        KafkaCluster cluster = new KafkaCluster(folder, kind);
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

    /** Suspends a node; its connections stay open. */
    void suspend(int id) {
        node(id).process().suspend();
    }

    void resume(int id) {
        node(id).process().resume();
    }

    /** Stops all traffic between this node and the others; clients reach them all. */
    void isolate(int id) {
        links().isolate(id);
    }

    void joinAgain() {
        links().pass();
    }

    private BrokerLinks links() {
        if (links == null) {
            throw new IllegalStateException("these nodes cannot be cut off from each other");
        }
        return links;
    }

    boolean runs(int id) {
        return node(id).runs();
    }

    /** Fills a node's disk. */
    void fillDisk(int id) {
        node(id).fillDisk();
    }

    /** Frees the space on all disks. */
    void freeDisks() {
        nodes.forEach(ClusterNode::freeDisk);
    }

    /** Starts the nodes that do not run; returns when they serve. It takes two to serve. */
    void startAll() {
        List<ClusterNode> down = nodes.stream().filter(node -> !node.runs()).toList();
        String voters = nodes.stream().map(ClusterNode::voter).collect(Collectors.joining(","));
        down.forEach(node -> node.begin(clusterId, voters));
        down.forEach(ClusterNode::awaitServing);
    }

    /** Applies an action to every proxy between the brokers and one of the services. */
    void each(Listener listener, Consumer<TcpProxy> action) {
        nodes.forEach(node -> action.accept(node.proxy(listener)));
    }

    /** Starts all nodes and lets all traffic pass. */
    void heal() {
        freeDisks();
        if (links != null) {
            links.pass();
        }
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
        if (links != null) {
            links.close();
        }
    }
}
