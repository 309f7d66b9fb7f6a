package io.mqttrelay.deploy;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names that a PromQL expression relies on. Understands as much of the language as the dashboard and the alerts use. */
final class PromQl {
    /** Given by Prometheus to everything that it scrapes. */
    static final Set<String> SCRAPED = Set.of("job", "instance");

    /** Whether a target answers: Prometheus' own, of every target. */
    static final String UP = "up";

    private static final Pattern METER =
            Pattern.compile("\\b((?:relay|kafka|jvm|process|system)_[a-z0-9_]+|up)\\b(?:\\{([^}]*)})?");
    private static final Pattern MATCHER = Pattern.compile("([a-zA-Z_]+)\\s*(?:=~|!~|!=|=)\\s*\"[^\"]*\"");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without|on|ignoring)\\s*\\(([^)]*)\\)");
    private static final Pattern TEXT = Pattern.compile("\"[^\"]*\"");

    private final Map<String, Set<String>> meters = new TreeMap<>();
    private final Set<String> groupings = new TreeSet<>();

    PromQl(String expression) {
        Matcher meter = METER.matcher(expression);
        while (meter.find()) {
            Set<String> labels = meters.computeIfAbsent(meter.group(1), name -> new TreeSet<>());
            if (meter.group(2) != null) {
                MATCHER.matcher(meter.group(2)).results().forEach(label -> labels.add(label.group(1)));
            }
        }
        Matcher grouping = GROUPING.matcher(TEXT.matcher(expression).replaceAll("\"\""));
        while (grouping.find()) {
            for (String label : grouping.group(1).split(",", -1)) {
                groupings.add(label.strip());
            }
        }
    }

    /** Each meter's sample, with the labels that it is chosen by. */
    Map<String, Set<String>> meters() {
        return meters;
    }

    /** The labels by which something is grouped or matched. */
    Set<String> groupings() {
        return groupings;
    }
}
