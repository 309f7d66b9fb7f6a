package io.mqttrelay.bench.measure;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;

/**
 * One turn of one contender: a line of the results file.
 *
 * @param scenario {@code p1} and so on
 * @param at when the whole benchmark began, ISO-8601 UTC: what was measured in turns has the same
 * @param machine what it ran on
 * @param settings what may be told to the benchmark, and what it took
 * @param values figures by name; a name ends in its unit
 * @param problems empty: everything was delivered once, in the order that the contender promises
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Result(
        String scenario,
        String contender,
        int round,
        String at,
        String machine,
        Map<String, Object> settings,
        Map<String, Double> values,
        String problems) {
    /** The same under another name. */
    public Result ofScenario(String name) {
        return new Result(name, contender, round, at, machine, settings, values, problems);
    }
}
