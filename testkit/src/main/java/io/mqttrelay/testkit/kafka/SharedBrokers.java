package io.mqttrelay.testkit.kafka;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.embedded.EmbeddedMqtt;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands one Kafka and one MQTT broker per JVM to every test that asks, as a parameter of its constructor or method.
 * They start when first asked for and stop after the last test. Tests tell their topics and client ids apart by names of
 * their own; one that stops or restarts a broker launches its own instead.
 *
 * <p>{@code @ExtendWith(SharedBrokers.class)} on the class, {@code EmbeddedKafka kafka} among the parameters.
 */
public final class SharedBrokers implements ParameterResolver {
    private static final ExtensionContext.Namespace BROKERS = ExtensionContext.Namespace.create(SharedBrokers.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == EmbeddedKafka.class || type == EmbeddedMqtt.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ExtensionContext.Store store = context.getRoot().getStore(BROKERS); // closes its values after the last test
        return parameter.getParameter().getType() == EmbeddedKafka.class
                ? store.getOrComputeIfAbsent(EmbeddedKafka.class, type -> EmbeddedKafka.launch(), EmbeddedKafka.class)
                : store.getOrComputeIfAbsent(EmbeddedMqtt.class, type -> EmbeddedMqtt.launch(), EmbeddedMqtt.class);
    }
}
