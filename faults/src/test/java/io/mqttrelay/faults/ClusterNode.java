package io.mqttrelay.faults;

import io.mqttrelay.embedded.LoopbackPorts;
import io.mqttrelay.faults.KafkaCluster.Kind;
import io.mqttrelay.faults.KafkaCluster.Listener;
import io.mqttrelay.testkit.net.TcpProxy;
import io.mqttrelay.testkit.process.JavaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One broker of a {@link KafkaCluster}: its ports and data stay while its process is stopped and started. */
final class ClusterNode implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Pattern SERVES = Pattern.compile(KafkaNode.SERVES);

    private final int id;
    private final Path folder;
    private final Map<Listener, Integer> ports = new EnumMap<>(Listener.class);
    private final Map<Listener, TcpProxy> proxies = new EnumMap<>(Listener.class);
    private final int controllerPort = LoopbackPorts.free();
    private final boolean separable;
    private final @Nullable SmallDisk disk;
    private int starts;
    private @Nullable JavaProcess process;

    ClusterNode(int id, Path folder, Kind kind) {
        this.id = id;
        this.folder = folder;
        this.separable = kind.separable();
        this.disk = kind.diskMegabytes() == 0 ? null : SmallDisk.at(data(), kind.diskMegabytes());
        for (Listener listener : Listener.values()) {
            ports.put(listener, LoopbackPorts.free());
            if (listener == Listener.INGEST || listener == Listener.DISPATCH) {
                proxies.put(listener, TcpProxy.to(ports.get(listener)));
            }
        }
    }

    int id() {
        return id;
    }

    /** The host name by which the other nodes know it. */
    String name() {
        return separable ? "node-" + id : "127.0.0.1";
    }

    /** The ports at which the other nodes reach it. */
    List<Integer> portsForBrokers() {
        return List.of(ports.get(Listener.BROKERS), controllerPort);
    }

    /** {@code id@host:port} of its controller. */
    String voter() {
        return id + "@" + name() + ":" + controllerPort;
    }

    /** The {@code host:port} that clients of this listener are told. */
    String address(Listener listener) {
        TcpProxy proxy = proxies.get(listener);
        if (listener == Listener.BROKERS) {
            return name() + ":" + ports.get(listener);
        }
        return "127.0.0.1:" + (proxy == null ? ports.get(listener) : proxy.port());
    }

    TcpProxy proxy(Listener listener) {
        return proxies.get(listener);
    }

    private Path data() {
        return folder.resolve("data-" + id);
    }

    void fillDisk() {
        if (disk == null) {
            throw new IllegalStateException("node " + id + " has no disk of its own");
        }
        disk.fill();
    }

    /** Frees the space, if it has its own disk. */
    void freeDisk() {
        if (disk != null) {
            disk.free();
        }
    }

    JavaProcess process() {
        if (process == null) {
            throw new IllegalStateException("node " + id + " was never started");
        }
        return process;
    }

    boolean runs() {
        return process != null && process.isAlive();
    }

    void begin(String clusterId, String voters) {
        Path file = folder.resolve("node-" + id + ".properties");
        try {
            Files.write(file, properties(voters));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process = JavaProcess.start(
                folder,
                new JavaProcess.Command(
                        "node-" + id + "-" + ++starts,
                        javaOptions(),
                        KafkaNode.class,
                        List.of(file.toString(), clusterId)));
    }

    private List<String> javaOptions() {
        List<String> options = new ArrayList<>(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        if (separable) {
            options.add("-Djdk.net.hosts.file=" + BrokerLinks.hostsFile(folder, id));
        }
        return options;
    }

    void awaitServing() {
        process().await(SERVES, START);
    }

    private List<String> properties(String voters) {
        return List.of(
                "process.roles=broker,controller",
                "node.id=" + id,
                "log.dirs=" + data(),
                "listeners=" + listeners(false) + ",CONTROLLER://127.0.0.1:" + controllerPort,
                "advertised.listeners=" + listeners(true),
                "listener.security.protocol.map=CONTROLLER:PLAINTEXT," + protocols(),
                "inter.broker.listener.name=" + Listener.BROKERS,
                "controller.listener.names=CONTROLLER",
                "controller.quorum.voters=" + voters,
                "auto.create.topics.enable=false",
                "default.replication.factor=3",
                "min.insync.replicas=2",
                // a restarted broker leads again at once, not within five minutes, when another row may run
                "leader.imbalance.check.interval.seconds=2",
                "leader.imbalance.per.broker.percentage=0",
                "offsets.topic.replication.factor=3",
                "offsets.topic.num.partitions=3",
                "transaction.state.log.replication.factor=3",
                "transaction.state.log.min.isr=2",
                "transaction.state.log.num.partitions=3",
                "share.coordinator.state.topic.replication.factor=3",
                "share.coordinator.state.topic.num.partitions=1",
                "group.initial.rebalance.delay.ms=0",
                "log.retention.check.interval.ms=1000",
                "log.segment.bytes=16777216",
                "log.cleaner.dedupe.buffer.size=2097152",
                "log.index.size.max.bytes=262144",
                "broker.heartbeat.interval.ms=500",
                "broker.session.timeout.ms=6000",
                "num.network.threads=2",
                "num.io.threads=4");
    }

    private String listeners(boolean told) {
        return Stream.of(Listener.values())
                .map(listener -> listener + "://" + (told ? address(listener) : "127.0.0.1:" + ports.get(listener)))
                .collect(Collectors.joining(","));
    }

    private static String protocols() {
        return Stream.of(Listener.values())
                .map(listener -> listener + ":PLAINTEXT")
                .collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
        proxies.values().forEach(TcpProxy::close);
        if (disk != null) {
            disk.close();
        }
    }
}
