package io.mqttrelay.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a {@code /metrics} said, in Prometheus' text form: its meters, each with what it says of itself. */
final class Exposition {
    private static final Pattern HEAD = Pattern.compile("# (HELP|TYPE) (\\S+) (.*)");
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** A line with a value. */
    record Sample(String name, Map<String, String> labels, String value) {}

    /** A meter; a histogram's samples have suffixes to its name. */
    static final class Meter {
        private final String name;
        private String type = "";
        private String help = "";
        private final List<Sample> samples = new ArrayList<>();

        private Meter(String name) {
            this.name = name;
        }

        String name() {
            return name;
        }

        String type() {
            return type;
        }

        String help() {
            return help;
        }

        List<Sample> samples() {
            return samples;
        }

        /** The names of its labels, without those that a histogram's form demands. */
        Set<String> labels() {
            Set<String> labels = new TreeSet<>();
            samples.forEach(sample -> labels.addAll(sample.labels().keySet()));
            labels.removeAll(Set.of("le", "quantile"));
            return labels;
        }
    }

    private final Map<String, Meter> meters = new TreeMap<>();

    private Exposition() {}

    static Exposition parse(String text) {
        Exposition parsed = new Exposition();
        Meter current = new Meter("");
        for (String line : text.lines().toList()) {
            Matcher head = HEAD.matcher(line);
            if (head.matches()) {
                current = parsed.meters.computeIfAbsent(head.group(2), Meter::new);
                if (head.group(1).equals("HELP")) {
                    current.help = head.group(3);
                } else {
                    current.type = head.group(3);
                }
            } else if (!line.isEmpty()) {
                current.samples.add(sample(line));
            }
        }
        return parsed;
    }

    private static Sample sample(String line) {
        Matcher sample = SAMPLE.matcher(line);
        if (!sample.matches()) {
            throw new IllegalArgumentException("no sample: " + line);
        }
        Map<String, String> labels = new TreeMap<>();
        if (sample.group(2) != null) {
            Matcher label = LABEL.matcher(sample.group(2));
            while (label.find()) {
                labels.put(label.group(1), label.group(2));
            }
        }
        return new Sample(sample.group(1), labels, sample.group(3));
    }

    /** By their names. */
    Map<String, Meter> meters() {
        return meters;
    }

    /** Every sample's name with the names of its labels. */
    Map<String, Set<String>> series() {
        Map<String, Set<String>> series = new TreeMap<>();
        meters.values()
                .forEach(meter -> meter.samples()
                        .forEach(sample -> series.computeIfAbsent(sample.name(), name -> new TreeSet<>())
                                .addAll(sample.labels().keySet())));
        return series;
    }
}
