package io.mqttrelay.common.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Matching and overlap compared with a slow and simple oracle. */
class TopicFilterPropertyTest {
    private static final List<String> LEVELS = List.of("a", "b", "", "$x");
    private static final List<String> TOPICS = topics(4);

    private static List<String> topics(int depth) {
        List<String> topics = new ArrayList<>(LEVELS);
        List<String> longest = LEVELS;
        for (int i = 1; i < depth; i++) {
            longest = longest.stream()
                    .flatMap(topic -> LEVELS.stream().map(level -> topic + "/" + level))
                    .toList();
            topics.addAll(longest);
        }
        topics.removeIf(String::isEmpty);
        return topics;
    }

    /** MQTT 5.0, section 4.7, read level by level. */
    private static boolean matches(List<String> filter, List<String> topic) {
        if (filter.isEmpty()) {
            return topic.isEmpty();
        }
        if (filter.get(0).equals("#")) {
            return true;
        }
        return !topic.isEmpty()
                && (filter.get(0).equals("+") || filter.get(0).equals(topic.get(0)))
                && matches(filter.subList(1, filter.size()), topic.subList(1, topic.size()));
    }

    private static boolean oracle(String filter, String topic) {
        boolean wildcardFirst = filter.startsWith("+") || filter.startsWith("#");
        return !(wildcardFirst && topic.startsWith("$"))
                && matches(List.of(filter.split("/", -1)), List.of(topic.split("/", -1)));
    }

    @Provide
    Arbitrary<String> filters() {
        Arbitrary<String> level = Arbitraries.of("a", "b", "", "+", "$x");
        Arbitrary<String> plain = level.list().ofMinSize(1).ofMaxSize(3).map(levels -> String.join("/", levels));
        Arbitrary<String> open = level.list()
                .ofMaxSize(3)
                .map(levels -> String.join(
                        "/", Stream.concat(levels.stream(), Stream.of("#")).toList()));
        return Arbitraries.oneOf(plain, open).filter(filter -> !filter.isEmpty());
    }

    @Property
    void aFilterMatchesExactlyTheTopicsOfTheOracle(@ForAll("filters") String filter) {
        TopicFilter parsed = TopicFilter.parse(filter);
        assertThat(TOPICS)
                .allSatisfy(topic -> assertThat(parsed.matches(topic))
                        .as("%s %s", filter, topic)
                        .isEqualTo(oracle(filter, topic)));
    }

    @Property
    void filtersOverlapExactlyWhenSomeTopicIsMatchedByBoth(
            @ForAll("filters") String one, @ForAll("filters") String other) {
        boolean common = TOPICS.stream().anyMatch(topic -> oracle(one, topic) && oracle(other, topic));
        assertThat(TopicFilter.parse(one).overlaps(TopicFilter.parse(other))).isEqualTo(common);
        assertThat(TopicFilter.parse(other).overlaps(TopicFilter.parse(one))).isEqualTo(common);
    }

    @Property
    void anIndexFindsExactlyTheFiltersThatOverlap(
            @ForAll("filterLists") List<String> texts, @ForAll("filters") String text) {
        List<TopicFilter> filters = texts.stream().map(TopicFilter::parse).toList();
        TopicFilter filter = TopicFilter.parse(text);
        FilterIndex index = new FilterIndex();
        filters.forEach(index::add);
        List<Integer> expected = IntStream.range(0, filters.size())
                .filter(i -> filters.get(i).overlaps(filter))
                .boxed()
                .toList();
        assertThat(index.overlapping(filter, filters.size() + 1)).isEqualTo(expected);
        assertThat(index.overlapping(filter, 1)).hasSize(Math.min(1, expected.size()));
    }

    @Provide
    Arbitrary<List<String>> filterLists() {
        return filters().list().ofMaxSize(12);
    }

    @Property
    void parsesAnyTextOrRefusesItWithAMessage(@ForAll String filter, @ForAll String topic) {
        TopicFilter parsed;
        try {
            parsed = TopicFilter.parse(filter);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotBlank();
            return;
        }
        assertThat(parsed.matches(topic)).isIn(true, false);
        assertThat(parsed.overlaps(parsed)).isTrue();
        assertThat(TopicFilter.parse(parsed.toString())).hasToString(parsed.toString());
    }
}
