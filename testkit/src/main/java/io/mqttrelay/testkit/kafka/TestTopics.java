package io.mqttrelay.testkit.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates topics of one test in a Kafka that other tests share. */
public final class TestTopics {
    private static final AtomicLong NEXT = new AtomicLong(System.currentTimeMillis()); // differs from an earlier run
    private static final int TIMEOUT_SECONDS = 30;

    private TestTopics() {}

    /** A unique name of letters, digits and {@code -}. */
    public static String uniqueName(String prefix) {
        return prefix + "-" + Long.toString(NEXT.getAndIncrement(), Character.MAX_RADIX);
    }

    /** Creates a topic and returns its name. */
    public static String create(String bootstrapServers, String name, int partitions, Map<String, String> config) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(config)))
                    .all()
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            awaitLeaders(admin, name, partitions);
            return name;
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("cannot create topic " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while topic " + name + " was created", e);
        }
    }

    /**
     * Waits for the leaders of new partitions. A leader that is not ready may accept a producer's second batch before
     * its first, permanently.
     */
    private static void awaitLeaders(Admin admin, String name, int partitions)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, OffsetSpec> all = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            all.put(new TopicPartition(name, partition), OffsetSpec.latest());
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (true) {
            try {
                admin.listOffsets(all).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                return;
            } catch (ExecutionException e) { // a broker may learn of the topic later than the one that created it
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || System.nanoTime() > deadline) {
                    throw e;
                }
            }
        }
    }
}
