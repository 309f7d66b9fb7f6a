package io.mqttrelay.testkit.guarantee;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The messages that one address should get: those of its filters, without those of its exclusions. It uses regular
 * expressions made from the rules, which is another method than the product's.
 *
 * @param filters MQTT filters
 * @param exclusions as in a configuration: an MQTT filter, {@code regex:...}, or a prefix that ends in {@code /}
 */
public record Expectation(String address, List<String> filters, List<String> exclusions) {
    public static Expectation of(String address, String... filters) {
        return new Expectation(address, List.of(filters), List.of());
    }

    /** A copy with these exclusions. */
    public Expectation excluding(String... rules) {
        return new Expectation(address, filters, List.of(rules));
    }

    /** Whether a message on this topic should be delivered at this address. */
    public boolean wants(String topic) {
        return filters.stream()
                        .anyMatch(filter -> filterPattern(filter).matcher(topic).matches())
                && exclusions.stream().noneMatch(rule -> excludes(rule, topic));
    }

    private static boolean excludes(String rule, String topic) {
        if (rule.startsWith("regex:")) {
            return Pattern.compile(rule.substring("regex:".length()))
                    .matcher(topic)
                    .find();
        }
        if (rule.endsWith("/")) {
            Pattern itself = filterPattern(rule.substring(0, rule.length() - 1));
            return filterPattern(rule + "#").matcher(topic).matches()
                    && !itself.matcher(topic).matches();
        }
        return filterPattern(rule).matcher(topic).matches();
    }

    private static Pattern filterPattern(String filter) {
        String notSystem = filter.startsWith("+") || filter.startsWith("#") ? "(?!\\$)" : "";
        if (filter.equals("#")) {
            return Pattern.compile(notSystem + ".*", Pattern.DOTALL);
        }
        boolean withBelow = filter.endsWith("/#");
        String levels = withBelow ? filter.substring(0, filter.length() - 2) : filter;
        String expression = Stream.of(levels.split("/", -1))
                .map(level -> level.equals("+") ? "[^/]*" : Pattern.quote(level))
                .collect(Collectors.joining("/"));
        return Pattern.compile(notSystem + expression + (withBelow ? "(/.*)?" : ""), Pattern.DOTALL);
    }
}
