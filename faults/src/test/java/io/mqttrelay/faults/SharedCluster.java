package io.mqttrelay.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands one cluster per JVM to every test that asks; it stops after the last. Its files are in {@code target}. */
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
                .getOrComputeIfAbsent(Owned.class, type -> new Owned(launch()), Owned.class)
                .cluster();
    }

    private static KafkaCluster launch() {
        try {
            Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
            return KafkaCluster.launch(Files.createTempDirectory(target, "kafka-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
