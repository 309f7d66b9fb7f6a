package io.mqttrelay.dispatch.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.dispatch.deadletter.OpenTable.Label;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class OpenTablePropertiesTest {
    record Change(String app, String key, boolean opens) {}

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Provide
    Arbitrary<List<Change>> changes() {
        return Combinators.combine(
                        Arbitraries.of("a", "b"),
                        Arbitraries.of("1|http://h/x", "2|http://h/y", "3|http://i:1/", "4|", "foreign", "5|http://h"),
                        Arbitraries.of(true, true, false))
                .as(Change::new)
                .list()
                .ofMaxSize(40);
    }

    private static Map<Label, Long> byHand(List<Change> changes) {
        Set<String> open = new HashSet<>();
        Map<Label, Long> counts = new HashMap<>();
        for (Change each : changes) {
            String key = each.app() + " " + each.key();
            String address = each.key().substring(each.key().indexOf('|') + 1);
            String known = each.key().contains("|") ? address : "";
            if (each.opens() ? open.add(key) : open.remove(key)) {
                counts.merge(new Label(each.app(), "route", known), each.opens() ? 1L : -1L, Long::sum);
            }
        }
        counts.values().removeIf(count -> count == 0); // nothing of it is open: it has no meter
        return counts;
    }

    private static OpenTable applied(List<Change> changes, int bound) {
        OpenTable table = new OpenTable(bound);
        changes.forEach(
                each -> table.apply(each.app(), 0, bytes(each.key()), each.opens(), each.opens() ? "route" : ""));
        return table;
    }

    @Property
    void belowTheBoundTheCountsAreThoseOfTheTable(@ForAll("changes") List<Change> changes) {
        OpenTable table = applied(changes, 100);
        assertThat(table.counts()).isEqualTo(byHand(changes));
        assertThat(table.isComplete()).isTrue();
    }

    @Property
    void completeCountsAreExactAndOthersLowerBounds(
            @ForAll("changes") List<Change> changes, @ForAll @IntRange(min = 1, max = 6) int bound) {
        OpenTable table = applied(changes, bound);
        Map<Label, Long> exact = byHand(changes);
        if (table.isComplete()) {
            assertThat(table.counts()).isEqualTo(exact);
        }
        table.counts().forEach((label, count) -> assertThat(count).isBetween(1L, exact.getOrDefault(label, 0L)));
    }

    @Example
    void itSaysWhenThereIsMoreThanItCounts() {
        OpenTable table = new OpenTable(2);
        for (int i = 0; i < 3; i++) {
            table.apply("a", 0, bytes(i + "|http://h/"), true, "route");
        }
        assertThat(table.isComplete()).isFalse();
        assertThat(table.counts()).containsExactly(Map.entry(new Label("a", "route", "http://h/"), 2L));
        assertThat(table.isHalfEmpty()).isFalse();
        table.apply("a", 0, bytes("0|http://h/"), false, "");
        table.apply("a", 0, bytes("1|http://h/"), false, "");
        assertThat(table.isHalfEmpty()).isTrue();
    }

    @Example
    void removesAMovedKeyInOnePartitionOnly() {
        OpenTable table = new OpenTable(10);
        table.apply("a", 13, bytes("1|http://h/"), true, "route");
        table.apply("a", 0, bytes("1|http://h/"), true, "route");
        table.apply("a", 0, bytes("1|http://h/"), false, "");
        assertThat(table.counts()).containsExactly(Map.entry(new Label("a", "route", "http://h/"), 1L));
    }
}
