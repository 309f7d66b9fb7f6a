package io.mqttrelay.bench.run;

import io.mqttrelay.bench.measure.ProcessCost;
import io.mqttrelay.bench.measure.Sample;
import java.util.List;
import java.util.Map;

/** The CPU cost of Kafka and the callback since this object was created. */
final class ServerCosts {
    private final long kafka;
    private final long callback;
    private ProcessCost kafkaBefore;
    private ProcessCost callbackBefore;

    /**
     * @param kafka process id
     * @param callback process id
     */
    ServerCosts(long kafka, long callback) {
        this.kafka = kafka;
        this.callback = callback;
        this.kafkaBefore = ProcessCost.of(kafka);
        this.callbackBefore = ProcessCost.of(callback);
    }

    /** Resets the costs. */
    void restart() {
        kafkaBefore = ProcessCost.of(kafka);
        callbackBefore = ProcessCost.of(callback);
    }

    /** The cost per message, for the messages done between the first and the last sample. */
    Map<String, Double> perMessage(List<Sample> samples) {
        long messages = Math.max(
                1, samples.get(samples.size() - 1).done() - samples.get(0).done());
        return Map.of(
                Figures.KAFKA_CPU, since(kafka, kafkaBefore) / messages,
                Figures.CALLBACK_CPU, since(callback, callbackBefore) / messages);
    }

    private static double since(long pid, ProcessCost before) {
        return ProcessCost.of(pid).minus(before).cpuMicros();
    }
}
