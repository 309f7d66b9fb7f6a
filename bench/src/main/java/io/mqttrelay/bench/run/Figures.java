package io.mqttrelay.bench.run;

import io.mqttrelay.bench.callback.CallbackStats;
import io.mqttrelay.bench.measure.Middle;
import io.mqttrelay.bench.measure.Sample;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The names of figures in results; a name ends in its unit. */
final class Figures {
    static final String MESSAGES = "messages";
    static final String RATE = "messages_per_second";
    static final String CPU = "cpu_micros_per_message";
    static final String RESIDENT = "resident_mb";
    static final String P50 = "p50_ms";
    static final String P99 = "p99_ms";
    static final String P999 = "p999_ms";
    static final String MAX = "max_ms";
    static final String START = "start_seconds";
    static final String KAFKA_CPU = "kafka_cpu_micros_per_message";
    static final String KAFKA_BYTES = "kafka_bytes_per_message";
    static final String CALLBACK_CPU = "callback_cpu_micros_per_message";
    static final String PER_CALL = "messages_per_call";
    static final String IN_FLIGHT = "in_flight";
    static final String CALLBACK_MILLIS = "callback_ms";

    private static final double MICROS_PER_MILLI = 1000;

    private Figures() {}

    static Map<String, Double> of(List<Sample> samples) {
        Middle middle = Middle.of(samples);
        Map<String, Double> values = new LinkedHashMap<>();
        values.put(MESSAGES, (double) samples.get(samples.size() - 1).done());
        values.put(RATE, middle.perSecond());
        values.put(CPU, middle.cpuMicros());
        values.put(RESIDENT, middle.residentBytes() / 1e6);
        return values;
    }

    static Map<String, Double> latencies(CallbackStats.Latencies micros) {
        return Map.of(
                P50, micros.p50() / MICROS_PER_MILLI,
                P99, micros.p99() / MICROS_PER_MILLI,
                P999, micros.p999() / MICROS_PER_MILLI,
                MAX, micros.max() / MICROS_PER_MILLI);
    }
}
