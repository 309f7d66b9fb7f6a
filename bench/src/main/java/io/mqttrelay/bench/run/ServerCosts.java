package io.mqttrelay.bench.run;

import io.mqttrelay.bench.measure.ProcessCost;
import java.util.Map;

/** What Kafka and the callback cost, from when this is made. */
final class ServerCosts {
    private final long kafka;
    private final long callback;
    private final ProcessCost kafkaBefore;
    private final ProcessCost callbackBefore;

    /** @param kafka and callback, their process ids */
    ServerCosts(long kafka, long callback) {
        this.kafka = kafka;
        this.callback = callback;
        this.kafkaBefore = ProcessCost.of(kafka);
        this.callbackBefore = ProcessCost.of(callback);
    }

    /** Figures of so many messages. */
    Map<String, Double> perMessage(int messages) {
        return Map.of(
                Figures.KAFKA_CPU, since(kafka, kafkaBefore) / messages,
                Figures.CALLBACK_CPU, since(callback, callbackBefore) / messages);
    }

    private static double since(long pid, ProcessCost before) {
        return ProcessCost.of(pid).minus(before).cpuMicros();
    }
}
