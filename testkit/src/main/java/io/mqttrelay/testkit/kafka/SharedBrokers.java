package io.mqttrelay.testkit.kafka;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.embedded.EmbeddedMqtt;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Provides one Kafka and one MQTT broker per JVM to tests, as parameters of a constructor or method. They start at
 * the first use and stop after the last test. Tests use unique topics and client ids; a test that stops or restarts a
 * broker launches its own instead.
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
        // of the session, which closes its values at the end: with several processes, Failsafe runs each class by
        // itself
        ExtensionContext.Store store = context.getStore(ExtensionContext.StoreScope.LAUNCHER_SESSION, BROKERS);
        return parameter.getParameter().getType() == EmbeddedKafka.class
                ? store.getOrComputeIfAbsent(EmbeddedKafka.class, type -> EmbeddedKafka.launch(), EmbeddedKafka.class)
                : store.getOrComputeIfAbsent(EmbeddedMqtt.class, type -> EmbeddedMqtt.launch(), EmbeddedMqtt.class);
    }
}
