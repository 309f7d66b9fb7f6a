package io.mqttrelay.bench.run;

import io.mqttrelay.bench.measure.TurnResult;
import java.util.Map;

/**
 * The result of one turn; the benchmark adds the fields that all results share.
 *
 * @param problems empty: none
 */
record Turn(String contender, int round, Map<String, Double> values, String problems) {
    Turn {
        values = Map.copyOf(values);
    }

    TurnResult in(String scenario, String at, String machine, Map<String, Object> settings) {
        return new TurnResult(scenario, contender, round, at, machine, settings, values, problems);
    }
}
