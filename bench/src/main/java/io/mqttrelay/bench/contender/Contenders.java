package io.mqttrelay.bench.contender;

import java.util.Map;
import java.util.Set;

/** The contenders by name. */
public final class Contenders {
    private static final Map<String, Class<?>> CLASSES = Map.ofEntries(
            Map.entry("bare-virtual", BareLoop.OnVirtualThreads.class),
            Map.entry("bare-platform", BareLoop.OnPlatformThreads.class),
            Map.entry("bare-batches", BareBatches.class),
            Map.entry("connect-batches", ConnectBatches.class),
            Map.entry("bare-ingest", BareIngest.class),
            Map.entry("parallel-key", ParallelConsumer.ByKey.class),
            Map.entry("parallel-unordered", ParallelConsumer.Unordered.class),
            Map.entry("parallel-vertx", ParallelConsumerVertx.Unordered.class),
            Map.entry("parallel-vertx-key", ParallelConsumerVertx.ByKey.class),
            Map.entry("camel", CamelDispatch.class),
            Map.entry("camel-ingest", CamelIngest.class),
            Map.entry("plain", PlainLoop.class));

    private static final Set<String> IN_ORDER =
            Set.of("bare-batches", "connect-batches", "bare-ingest", "parallel-key", "parallel-vertx-key", "plain");

    private Contenders() {}

    /** The main class of a contender. */
    public static Class<?> classOf(String name) {
        Class<?> mainClass = CLASSES.get(name);
        if (mainClass == null) {
            throw new IllegalArgumentException("no contender " + name);
        }
        return mainClass;
    }

    /** The subfolder of {@code bench/target} with jars for this contender only; empty: none. */
    public static String ownJars(String name) {
        return name.startsWith("parallel-") ? "parallel-consumer" : "";
    }

    /** Whether it needs Kafka Connect and a sink, which the user must provide. */
    public static boolean needsConnect(String name) {
        return name.startsWith("connect-");
    }

    /** Whether it guarantees the order of one MQTT topic's messages. */
    public static boolean keepsOrder(String name) {
        return IN_ORDER.contains(name);
    }
}
