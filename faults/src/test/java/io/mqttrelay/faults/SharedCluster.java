package io.mqttrelay.faults;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives one cluster per JVM to all tests that ask; it stops after the last. Its files are in {@code target}. */
final class SharedCluster implements ParameterResolver {
    private static final ExtensionContext.Namespace CLUSTER = ExtensionContext.Namespace.create(SharedCluster.class);

    private record Owned(KafkaCluster cluster) implements AutoCloseable {
        @Override
        public void close() {
            cluster.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == KafkaCluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(CLUSTER)
                .getOrComputeIfAbsent(
                        Owned.class, type -> new Owned(KafkaCluster.launch(KafkaCluster.Kind.COMMON)), Owned.class)
                .cluster();
    }
}
