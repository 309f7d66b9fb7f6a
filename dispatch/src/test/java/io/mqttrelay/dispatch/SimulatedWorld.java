package io.mqttrelay.dispatch;

import io.mqttrelay.dispatch.consume.ConsumerLoop;
import io.mqttrelay.dispatch.member.MemberReference;
import io.mqttrelay.dispatch.place.LogRanges;
import io.mqttrelay.dispatch.progress.SimulatedStore;
import io.mqttrelay.testkit.fakekafka.FakeKafka;
import io.mqttrelay.testkit.fakekafka.FakeLog;
import io.mqttrelay.testkit.fakekafka.FakeMember;
import io.mqttrelay.testkit.time.ManualClock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** The shared parts of simulated dispatchers: the seed, the clock, the threads, Kafka and the callbacks. */
record SimulatedWorld(
        Random random,
        ManualClock clock,
        Coroutines coroutines,
        FakeKafka kafka,
        SimulatedCallbacks callbacks,
        SimulatedStore store,
        Schedule schedule)
        implements SimulatedNetwork.Elsewhere {
    private static final Uuid TOPIC_ID = Uuid.randomUuid();

    /** Decides which event happens next. */
    interface Schedule extends SimulatedNetwork.Elsewhere {
        /**
         * Lets events happen until the condition holds.
         *
         * @return false: it did not hold within this time
         */
        boolean until(BooleanSupplier reached, Duration limit);
    }

    @Override
    public void meanwhile() {
        schedule.meanwhile();
    }

    @Override
    public void pass(Duration time) {
        schedule.pass(time);
    }

    boolean until(BooleanSupplier reached, Duration limit) {
        return schedule.until(reached, limit);
    }

    /** The clients of a dispatcher. */
    ConsumerLoop.Consumers consumers(FakeMember member, MemberReference reference, SimulatedNetwork network) {
        return new ConsumerLoop.Consumers(
                member,
                reference,
                () -> kafka.reader(member.name() + " catch-up", network),
                topics -> CompletableFuture.completedFuture(answers(topics, topic -> TOPIC_ID)),
                partitions -> CompletableFuture.completedFuture(
                        answers(partitions, partition -> kafka.log(partition).end())),
                partitions -> CompletableFuture.completedFuture(answers(partitions, this::range)),
                store);
    }

    private LogRanges.Range range(TopicPartition partition) {
        FakeLog log = kafka.log(partition);
        return new LogRanges.Range(log.beginning(), log.end());
    }

    private static <K, V> Map<K, V> answers(Collection<K> asked, Function<K, V> answer) {
        Map<K, V> answers = new HashMap<>();
        asked.forEach(each -> answers.put(each, answer.apply(each)));
        return answers;
    }
}
