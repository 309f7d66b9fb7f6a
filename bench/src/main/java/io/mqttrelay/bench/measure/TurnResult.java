package io.mqttrelay.bench.measure;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;

/**
 * The result of one turn of one contender: a line of the results file.
 *
 * @param scenario such as {@code p1}
 * @param at when the whole benchmark began, ISO-8601 UTC; equal for all turns of one measurement
 * @param machine on which it ran
 * @param settings of the benchmark in this run
 * @param values figures by name; a name ends in its unit
 * @param problems empty: every message was delivered once, in the order that the contender guarantees
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record TurnResult(
        String scenario,
        String contender,
        int round,
        String at,
        String machine,
        Map<String, Object> settings,
        Map<String, Double> values,
        String problems) {
    /** A copy with another scenario name. */
    public TurnResult ofScenario(String name) {
        return new TurnResult(name, contender, round, at, machine, settings, values, problems);
    }
}
