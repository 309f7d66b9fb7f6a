package io.mqttrelay.faults;

import io.mqttrelay.testkit.net.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The network between the brokers of a {@link KafkaCluster}: a proxy for each pair and direction. Each broker has its
 * own hosts file, which maps a broker's name to the address of its proxy. Belongs to the test's thread.
 */
final class BrokerLinks implements AutoCloseable {
    private final List<Link> links = new ArrayList<>();

    private record Link(int from, int to, TcpProxy proxy) {
        boolean touches(int node) {
            return from == node || to == node;
        }
    }

    private BrokerLinks() {}

    /** Makes the links between these nodes. */
    static BrokerLinks between(List<ClusterNode> nodes, Path folder) {
        BrokerLinks links = new BrokerLinks();
        for (ClusterNode from : nodes) {
            List<String> hosts = new ArrayList<>();
            for (ClusterNode to : nodes) {
                String address = from == to ? "127.0.0.1" : "127.0." + from.id() + "." + to.id();
                hosts.add(address + " " + to.name());
                if (from != to) {
                    to.portsForBrokers().forEach(port -> links.add(from, to, address, port));
                }
            }
            write(hostsFile(folder, from.id()), hosts);
        }
        return links;
    }

    private static void write(Path file, List<String> lines) {
        try {
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(ClusterNode from, ClusterNode to, String address, int port) {
        try {
            links.add(new Link(from.id(), to.id(), TcpProxy.on(InetAddress.getByName(address), port, port)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The hosts file by which a node finds the others. */
    static Path hostsFile(Path folder, int node) {
        return folder.resolve("hosts-" + node);
    }

    /** Stops all traffic between this node and the others. */
    void isolate(int node) {
        links.stream().filter(link -> link.touches(node)).forEach(link -> link.proxy.blackHole());
    }

    void pass() {
        each(TcpProxy::pass);
    }

    private void each(Consumer<TcpProxy> action) {
        links.forEach(link -> action.accept(link.proxy));
    }

    @Override
    public void close() {
        each(TcpProxy::close);
    }
}
