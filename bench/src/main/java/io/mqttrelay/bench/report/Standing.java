package io.mqttrelay.bench.report;

import io.mqttrelay.bench.measure.Spread;
import io.mqttrelay.bench.measure.TurnResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One contender's rounds of one scenario.
 *
 * @param results at least one
 */
record Standing(String contender, List<TurnResult> results) {
    Standing {
        results = List.copyOf(results);
    }

    /**
     * The standings of the scenario's newest measurement, in the order of their turns. Results with the same start
     * time are one measurement.
     */
    static List<Standing> newest(List<TurnResult> all, String scenario) {
        List<TurnResult> ofScenario =
                all.stream().filter(each -> each.scenario().equals(scenario)).toList();
        Optional<String> newest = ofScenario.stream().map(TurnResult::at).max(Comparator.naturalOrder());
        return byContender(ofScenario.stream()
                .filter(each -> Optional.of(each.at()).equals(newest))
                .toList());
    }

    /** Groups results by contender, in the order of their first turns. */
    static List<Standing> byContender(List<TurnResult> results) {
        Map<String, List<TurnResult>> byContender = new LinkedHashMap<>();
        results.forEach(each -> byContender
                .computeIfAbsent(each.contender(), name -> new ArrayList<>())
                .add(each));
        return byContender.entrySet().stream()
                .map(each -> new Standing(each.getKey(), each.getValue()))
                .toList();
    }

    /**
     * The standing that this one is compared with: the relay's of the same size ({@code bare-4kB} has
     * {@code relay-4kB}), or else the first.
     */
    Standing reference(List<Standing> all) {
        String namesake = "relay-" + contender.substring(contender.indexOf('-') + 1);
        return all.stream()
                .filter(each -> each.contender().equals(namesake) && !isRelay())
                .findFirst()
                .orElse(all.get(0));
    }

    boolean has(String figure) {
        return results.stream().allMatch(each -> each.values().containsKey(figure));
    }

    Spread spread(String figure) {
        return Spread.of(results.stream()
                .map(each -> each.values().getOrDefault(figure, 0.0))
                .toList());
    }

    /** Whether all messages were delivered once, in order. */
    boolean isClean() {
        return results.stream().allMatch(each -> each.problems().isEmpty());
    }

    /** Whether it is the relay, or a variant of it. */
    boolean isRelay() {
        return contender.equals("relay") || contender.startsWith("relay-");
    }
}
