package io.mqttrelay.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mqttrelay.faults.mutant.Mutant;
import io.mqttrelay.testkit.guarantee.Dead;
import io.mqttrelay.testkit.guarantee.Delivery;
import io.mqttrelay.testkit.guarantee.Sent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The measurements of a row: a line for people, and one of JSON in {@code target/faults.jsonl} for the documentation.
 */
final class Result {
    private static final Path FILE = Path.of("target", "faults.jsonl");

    private final Map<String, Object> figures = new LinkedHashMap<>();

    Result(String row, Mutant mutant) {
        figures.put("row", row);
        if (mutant != Mutant.NONE) {
            figures.put("mutant", mutant.name());
        }
    }

    void figure(String name, Object value) {
        figures.put(name, value);
    }

    void counts(int acknowledged, List<Delivery> deliveries, int dead, int repeatedAllowed) {
        long accepted = deliveries.stream().filter(Delivery::accepted).count();
        long distinct = deliveries.stream()
                .filter(Delivery::accepted)
                .map(delivery -> delivery.address() + " " + delivery.id())
                .distinct()
                .count();
        figure("acknowledged", acknowledged);
        figure("delivered", distinct);
        figure("repeated", accepted - distinct);
        figure("may be repeated", repeatedAllowed);
        figure("dead", dead);
    }

    /** Counts the messages that were acknowledged to their publisher and accepted nowhere. */
    void lost(List<Sent> acknowledged, List<Delivery> deliveries, Set<Dead> excused) {
        Set<Dead> accepted = deliveries.stream()
                .filter(Delivery::accepted)
                .map(delivery -> new Dead(delivery.address(), delivery.id()))
                .collect(Collectors.toSet());
        Set<String> taken = acknowledged.stream().map(Sent::id).collect(Collectors.toSet());
        figure(
                "lost",
                excused.stream()
                        .filter(each -> taken.contains(each.id()) && !accepted.contains(each))
                        .count());
    }

    long lost() {
        return (long) figures.getOrDefault("lost", 0L);
    }

    long repeated() {
        return (long) figures.getOrDefault("repeated", 0L);
    }

    void write(boolean holds) {
        figure("holds", holds);
        try {
            String line = new ObjectMapper().writeValueAsString(figures);
            System.out.println(line);
            Files.writeString(FILE, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
