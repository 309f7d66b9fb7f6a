package io.mqttrelay.ingest.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.topic.TopicFinding;
import io.mqttrelay.common.topic.TopicProvisioner;
import io.mqttrelay.common.topic.TopicsResult;
import io.mqttrelay.testkit.time.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The keeper with a Kafka whose answers the test decides; the steps of keeper and writer run on the test's thread. */
class TopicKeeperTest {
    private final ManualClock clock = ManualClock.create();
    private final Answers kafka = new Answers();
    private final RecordWriter writer = new RecordWriter(
            List.of("a", "b"),
            app -> app,
            new RecordWriter.Producers(TopicKeeperTest::producer, TopicKeeperTest::producer),
            new RecordWriter.Limits(1, BatchingProducer.BATCH_SIZE),
            clock.nanoTime(),
            Runnable::run);
    private final TopicKeeper keeper = new TopicKeeper(kafka, Set::copyOf, writer, List.of("a", "b"), clock.nanoTime());

    TopicKeeperTest() {
        writer.topics(keeper);
    }

    private static BatchingProducer producer() {
        BatchingProducer producer = new BatchingProducer();
        IntStream.range(0, 300).forEach(i -> producer.topic("app" + i, 1));
        return producer;
    }

    private static final class Answers implements TopicProvisioner.Kafka {
        final List<Set<String>> asked = new ArrayList<>();
        final Set<String> refused = new LinkedHashSet<>();
        final List<Boolean> pings = new ArrayList<>();
        String unreachable;
        TopicFinding finding;

        @Override
        public TopicsResult ensure(Collection<String> appIds, Duration patience) {
            asked.add(new LinkedHashSet<>(appIds));
            for (String app : appIds) {
                if (refused.contains(app)) {
                    return new TopicsResult.Unavailable("may not create relay." + app);
                }
            }
            return new TopicsResult.Ready(Set.of(), finding == null ? List.of() : List.of(finding));
        }

        @Override
        public String ping(boolean suspected) {
            pings.add(suspected);
            return unreachable;
        }
    }

    private List<String> problemsAfterAStep() throws InterruptedException {
        keeper.step();
        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofMillis(50));
            writer.step(0);
        }
        return writer.problems();
    }

    @Test
    void allAppsAreWantedFromTheBeginningAndAskedForTogether() throws InterruptedException {
        assertThat(problemsAfterAStep()).isEmpty();
        assertThat(kafka.asked).containsExactly(Set.of("a", "b"));
        assertThat(keeper.unreachable()).isNull();
    }

    @Test
    void anAppWhoseTopicsCannotBeMadeKeepsNoOtherWaiting() throws InterruptedException {
        kafka.refused.add("a");
        problemsAfterAStep();
        problemsAfterAStep();
        assertThat(problemsAfterAStep()).containsExactly("app a: may not create relay.a");

        kafka.refused.clear();
        clock.advance(Duration.ofSeconds(5));
        assertThat(problemsAfterAStep()).isEmpty();
        assertThat(kafka.asked).last().isEqualTo(Set.of("a"));
    }

    @Test
    void badAppsDelayOthersByOneCallEach() throws InterruptedException {
        List<String> bad = IntStream.range(0, 100).mapToObj(i -> "bad" + i).toList();
        bad.forEach(app -> {
            kafka.refused.add(app);
            writer.add(app);
        });
        for (int step = 0; step < 20; step++) {
            problemsAfterAStep();
        }
        clock.advance(Duration.ofSeconds(5));
        int before = kafka.asked.size();
        writer.add("good");
        problemsAfterAStep();
        assertThat(kafka.asked.subList(before, kafka.asked.size()))
                .hasSizeLessThanOrEqualTo(2)
                .anyMatch(apps -> apps.contains("good"));
    }

    @Test
    void findsABadAppAmongGoodOnesByHalves() throws InterruptedException {
        IntStream.range(0, 14).forEach(i -> writer.add("app" + i));
        kafka.refused.add("app5");
        for (int step = 0; step < 9; step++) {
            problemsAfterAStep();
        }
        assertThat(writer.problems()).containsExactly("app app5: may not create relay.app5");
        assertThat(kafka.asked).hasSize(9);
        assertThat(kafka.asked.get(0)).hasSize(16);
    }

    @Test
    void servesAnAppBeforeTheTopicsOfAllAppsExist() throws InterruptedException {
        IntStream.range(0, 100).forEach(i -> writer.add("app" + i));
        problemsAfterAStep();
        assertThat(kafka.asked)
                .singleElement()
                .satisfies(apps -> assertThat(apps).hasSizeBetween(2, 20).contains("a", "b"));
        while (kafka.asked.stream().mapToInt(Set::size).sum() < 102) {
            problemsAfterAStep();
        }
        assertThat(problemsAfterAStep()).isEmpty();
    }

    @Test
    void whileKafkaCannotBeReachedNothingIsMade() throws InterruptedException {
        kafka.unreachable = "connection refused";
        assertThat(problemsAfterAStep())
                .allMatch(problem -> problem.endsWith("connection refused"))
                .hasSize(2);
        assertThat(keeper.unreachable()).isEqualTo("connection refused");
        assertThat(kafka.asked).isEmpty();

        kafka.unreachable = null;
        clock.advance(Duration.ofSeconds(5));
        assertThat(problemsAfterAStep()).isEmpty();
        assertThat(keeper.unreachable()).isNull();
    }

    @Test
    void asksKafkaSoonAfterItsClientHasLostATopic() throws InterruptedException {
        problemsAfterAStep();
        clock.advance(Duration.ofSeconds(1));
        problemsAfterAStep();
        assertThat(kafka.pings).containsExactly(false);

        kafka.unreachable = "connection refused";
        writer.write(new TestWrite("a", "a", "its topic has no metadata")); // the test's producers know app0 to app299
        for (int i = 0; i < 2; i++) {
            clock.advance(Duration.ofMillis(500));
            writer.step(0);
        }
        problemsAfterAStep();
        assertThat(kafka.pings).containsExactly(false, true);
        assertThat(keeper.unreachable()).isEqualTo("connection refused");
        assertThat(writer.problems()).isEmpty();
    }

    @Test
    void asksMoreOftenWhileKafkaIsUnreachable() throws InterruptedException {
        problemsAfterAStep();
        kafka.unreachable = "connection refused";
        clock.advance(Duration.ofSeconds(5));
        problemsAfterAStep();
        kafka.unreachable = null;
        clock.advance(Duration.ofSeconds(1));
        problemsAfterAStep();
        assertThat(keeper.unreachable()).isNull();
        assertThat(kafka.asked).containsExactly(Set.of("a", "b"));
    }

    @Test
    void anAppThatIsWantedForAnHourIsAskedForOnce() throws InterruptedException {
        List<String> apps = IntStream.range(0, 300).mapToObj(i -> "app" + i).toList();
        apps.forEach(writer::add);
        for (int steps = 0; steps < 100 && (!writer.problems().isEmpty() || kafka.asked.size() < 2); steps++) {
            problemsAfterAStep();
        }
        assertThat(writer.problems()).isEmpty();
        apps.forEach(app -> writer.write(new TestWrite(app, app, "in flight")));
        kafka.unreachable = "connection refused";
        for (int second = 0; second < 3600; second += 5) {
            clock.advance(Duration.ofSeconds(5));
            writer.step(0);
        }
        problemsAfterAStep();
        kafka.unreachable = null;
        int before = kafka.asked.size();
        for (int step = 0; step < 20; step++) {
            problemsAfterAStep();
        }
        List<String> asked = kafka.asked.subList(before, kafka.asked.size()).stream()
                .flatMap(Set::stream)
                .toList();
        assertThat(asked).containsAll(apps).hasSizeLessThanOrEqualTo(5 * apps.size());
    }

    @Test
    void topicsThatCannotKeepAPromiseAreNotUsed() throws InterruptedException {
        kafka.finding = new TopicFinding(true, List.of("relay.a"), "is compacted");
        problemsAfterAStep();
        problemsAfterAStep();
        assertThat(problemsAfterAStep()).anyMatch(problem -> problem.contains("topic relay.a: is compacted"));
        kafka.finding = new TopicFinding(false, List.of("relay.a"), "has one copy");
        clock.advance(Duration.ofSeconds(5));
        problemsAfterAStep();
        assertThat(problemsAfterAStep()).isEmpty();
    }
}
