package io.mqttrelay.sink.kafka;

import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.common.kafka.KafkaClients;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.InterruptException;

/**
 * The producer of one target, and the admin client that looks up its topics. The egress policy is checked for the bootstrap
 * addresses before the clients are made and at each lookup, and for the brokers of a topic whenever the producer has new
 * metadata. Any thread.
 */
final class LiveClients {
    /** How long a topic that was found counts as existing. */
    private static final Duration FRESH = Duration.ofSeconds(30);

    private static final int LOOKUP_MILLIS = 5_000;

    private record Lookup(CompletableFuture<Void> answer, long began) {}

    private final String bootstrapServers;
    private final Producer<byte[], byte[]> producer;
    private final Admin admin;
    private final Egress egress;
    private final LongSupplier nanoTime;

    private final Map<String, Lookup> lookups = new HashMap<>(); // guarded by this
    /** The metadata of each topic whose brokers the policy allows. */
    private final Map<String, List<PartitionInfo>> allowed = new ConcurrentHashMap<>();

    private LiveClients(
            String bootstrapServers,
            Producer<byte[], byte[]> producer,
            Admin admin,
            Egress egress,
            LongSupplier nanoTime) {
        this.bootstrapServers = bootstrapServers;
        this.producer = producer;
        this.admin = admin;
        this.egress = egress;
        this.nanoTime = nanoTime;
    }

    /** Makes the clients; looks up the names of the bootstrap addresses. */
    static LiveClients open(String bootstrapServers, KafkaClients clients, Egress egress, LongSupplier nanoTime) {
        checkBootstrap(bootstrapServers, egress);
        Admin admin = clients.admin("lookup");
        try {
            return new LiveClients(bootstrapServers, clients.targetProducer("producer"), admin, egress, nanoTime);
        } catch (KafkaException e) {
            admin.close(Duration.ZERO);
            throw e;
        }
    }

    private static void checkBootstrap(String bootstrapServers, Egress egress) {
        for (String server : bootstrapServers.split(",", -1)) {
            int colon = server.lastIndexOf(':');
            check(server.substring(0, colon), egress);
        }
    }

    private static void check(String host, Egress egress) {
        String plain = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        try {
            for (InetAddress address : InetAddress.getAllByName(plain)) {
                String why = egress.whyDenied(plain, Egress.dialled(address));
                if (why != null) {
                    throw new RecordFailure.EgressDenied(why);
                }
            }
        } catch (UnknownHostException e) {
            throw new KafkaException("the name " + plain + " cannot be resolved", e);
        }
    }

    Producer<byte[], byte[]> producer() {
        return producer;
    }

    /**
     * Looks the topic up, unless it was found a short while ago. One lookup of a topic runs at a time.
     *
     * @param executor runs the lookup
     * @return complete when the topic exists; with an exception when it does not, or when that is not known
     */
    synchronized CompletableFuture<Void> checked(String topic, Executor executor) {
        Lookup last = lookups.get(topic);
        if (last != null
                && !last.answer().isCompletedExceptionally()
                && (!last.answer().isDone() || nanoTime.getAsLong() - last.began() < FRESH.toNanos())) {
            return last.answer();
        }
        CompletableFuture<Void> answer = CompletableFuture.runAsync(() -> lookUp(topic), executor);
        lookups.put(topic, new Lookup(answer, nanoTime.getAsLong()));
        return answer;
    }

    /** The next record for the topic looks it up. */
    synchronized void doubt(String topic) {
        lookups.remove(topic);
    }

    private void lookUp(String topic) {
        checkBootstrap(bootstrapServers, egress);
        try {
            Collection<Node> nodes = admin.describeCluster(new DescribeClusterOptions().timeoutMs(LOOKUP_MILLIS))
                    .nodes()
                    .get();
            nodes.forEach(node -> check(node.host(), egress));
            var unused = admin.describeTopics(Set.of(topic), new DescribeTopicsOptions().timeoutMs(LOOKUP_MILLIS))
                    .allTopicNames()
                    .get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new KafkaException(e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** Checks the brokers of a topic if the producer's metadata of the topic has changed. Waits for missing metadata. */
    void checkNodes(String topic) {
        List<PartitionInfo> partitions = producer.partitionsFor(topic);
        if (partitions == allowed.get(topic)) {
            return;
        }
        List<String> hosts = new ArrayList<>();
        for (PartitionInfo partition : partitions) {
            for (Node node : partition.replicas()) {
                if (!node.isEmpty() && !hosts.contains(node.host())) {
                    hosts.add(node.host());
                }
            }
        }
        hosts.forEach(host -> check(host, egress));
        allowed.put(topic, partitions);
    }

    /** Ends the sends in flight. */
    void close() {
        producer.close(Duration.ZERO);
        admin.close(Duration.ZERO);
    }
}
