package io.mqttrelay.ingest.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.topic.TopicFinding;
import io.mqttrelay.common.topic.TopicsResult;
import io.mqttrelay.testkit.time.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** A Kafka that answers as the test says; the steps of keeper and writer run on the test's thread. */
class TopicKeeperTest {
    private final ManualClock clock = ManualClock.create();
    private final Answers kafka = new Answers();
    private final RecordWriter writer = new RecordWriter(
            List.of("a", "b"),
            () -> new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()),
            1,
            clock.nanoTime());
    private final TopicKeeper keeper = new TopicKeeper(kafka, writer, List.of("a", "b"));

    TopicKeeperTest() {
        writer.topics(keeper);
    }

    private static final class Answers implements TopicKeeper.Kafka {
        final List<Set<String>> asked = new ArrayList<>();
        final Set<String> refused = new LinkedHashSet<>();
        String unreachable;
        TopicFinding finding;
        boolean closed;

        @Override
        public TopicsResult ensure(Collection<String> appIds) {
            asked.add(new LinkedHashSet<>(appIds));
            for (String app : appIds) {
                if (refused.contains(app)) {
                    return new TopicsResult.Unavailable("may not create relay." + app);
                }
            }
            return new TopicsResult.Ready(Set.of(), finding == null ? List.of() : List.of(finding));
        }

        @Override
        public String ping() {
            return unreachable;
        }

        @Override
        public void close() {
            closed = true;
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
    void anAppWhoseTopicsCannotBeMadeKeepsNoOtherWaitingAndIsAskedForAgain() throws InterruptedException {
        kafka.refused.add("a");
        assertThat(problemsAfterAStep()).containsExactly("app a: may not create relay.a");

        kafka.refused.clear();
        assertThat(problemsAfterAStep()).isEmpty();
        assertThat(kafka.asked).last().isEqualTo(Set.of("a"));
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
        assertThat(problemsAfterAStep()).isEmpty();
        assertThat(keeper.unreachable()).isNull();
    }

    @Test
    void topicsThatCannotKeepAPromiseAreNotUsed() throws InterruptedException {
        kafka.finding = new TopicFinding(true, List.of("relay.a"), "is compacted");
        assertThat(problemsAfterAStep()).anyMatch(problem -> problem.contains("topic relay.a: is compacted"));
        kafka.finding = new TopicFinding(false, List.of("relay.a"), "has one copy");
        assertThat(problemsAfterAStep()).isEmpty();
    }

    @Test
    void itsEndIsTheEndOfItsClient() {
        keeper.close();
        assertThat(kafka.closed).isTrue();
    }
}
