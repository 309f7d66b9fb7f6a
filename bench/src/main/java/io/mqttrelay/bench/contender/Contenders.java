package io.mqttrelay.bench.contender;

import java.util.Map;
import java.util.Set;

/** The contenders by name. */
public final class Contenders {
    private static final Map<String, Class<?>> CLASSES = Map.of(
            "bare-virtual", BareLoop.OnVirtualThreads.class,
            "bare-platform", BareLoop.OnPlatformThreads.class,
            "bare-batches", BareBatches.class,
            "bare-ingest", BareIngest.class,
            "parallel-key", ParallelConsumer.ByKey.class,
            "parallel-unordered", ParallelConsumer.Unordered.class,
            "parallel-vertx", ParallelConsumerVertx.Unordered.class,
            "parallel-vertx-key", ParallelConsumerVertx.ByKey.class,
            "plain", PlainLoop.class);

    private static final Set<String> IN_ORDER =
            Set.of("bare-batches", "bare-ingest", "parallel-key", "parallel-vertx-key", "plain");

    private Contenders() {}

    /** The main class. */
    public static Class<?> classOf(String name) {
        Class<?> mainClass = CLASSES.get(name);
        if (mainClass == null) {
            throw new IllegalArgumentException("no contender " + name);
        }
        return mainClass;
    }

    /** The folder of the benchmark's {@code target} with jars that only this contender takes; empty: there is none. */
    public static String ownJars(String name) {
        return name.startsWith("parallel-") ? "parallel-consumer" : "";
    }

    /** Whether it promises the order of one MQTT topic's messages. */
    public static boolean keepsOrder(String name) {
        return IN_ORDER.contains(name);
    }
}
