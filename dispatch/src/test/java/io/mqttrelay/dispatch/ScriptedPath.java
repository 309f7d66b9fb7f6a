package io.mqttrelay.dispatch;

import static io.mqttrelay.dispatch.sink.Failures.answered;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.dispatch.deliver.AddressLog;
import io.mqttrelay.dispatch.deliver.Attempts;
import io.mqttrelay.dispatch.deliver.DeliveryMeters;
import io.mqttrelay.dispatch.deliver.DeliveryWorker;
import io.mqttrelay.dispatch.deliver.RateLimit;
import io.mqttrelay.dispatch.deliver.Target;
import io.mqttrelay.dispatch.deliver.Throttle;
import io.mqttrelay.dispatch.flow.SimulatedPartition;
import io.mqttrelay.dispatch.lane.Pace;
import io.mqttrelay.dispatch.route.Targets;
import io.mqttrelay.dispatch.route.Targets.RouteTargets;
import io.mqttrelay.dispatch.settle.Settlement;
import io.mqttrelay.dispatch.sink.Failures;
import io.mqttrelay.dispatch.sink.SinkCall;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.window.AddressKey;
import io.mqttrelay.testkit.time.ManualClock;
import io.mqttrelay.testkit.time.ManualScheduler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A dispatcher's path from one partition to one address, all on the test's thread. Calls begin in {@link #run}, and a
 * script answers them; it may do the work of other threads in between.
 */
final class ScriptedPath {
    final ManualClock clock = ManualClock.create();
    final ManualScheduler timer = new ManualScheduler(clock);
    final List<List<String>> sent = new ArrayList<>();
    final List<String> dead = new ArrayList<>();
    final List<Throwable> defects = new ArrayList<>();
    final ArrayDeque<Runnable> threads = new ArrayDeque<>();
    /** Dead letters that Kafka has not stored yet; each is stored by running it. */
    final ArrayDeque<Runnable> unstored = new ArrayDeque<>();

    final DispatchPath path;
    final SimulatedPartition partition;
    final long key;
    int cancelled;
    /** Whether a call begins as soon as there is a thread for it, before the requesting code continues. */
    boolean atOnce;
    /** Whether dead letters are stored at once, instead of joining {@link #unstored}. */
    boolean storesLetters = true;

    private final ArrayDeque<Supplier<SinkResult>> answers = new ArrayDeque<>();
    private final List<ConsumerRecord<byte[], byte[]>> log = new ArrayList<>();
    private final Route route;

    /** @param route with one address */
    ScriptedPath(Route route) {
        this.route = route;
        key = AddressKey.of(route.name(), route.destinations().get(0).id());
        path = new DispatchPath(
                new RecordCodec(),
                targets(),
                new Attempts(clock, clock.nanoTime()),
                new Settlement(
                        (record, appId, to, letter, stored) -> {
                            dead.add(new String(record.value(), StandardCharsets.UTF_8));
                            if (storesLetters) {
                                stored.run();
                            } else {
                                unstored.addLast(stored);
                            }
                        },
                        clock),
                new DeliveryWorker.Calls(this::begin, 10, defects::add, clock.nanoTime()),
                timer,
                () -> true);
        partition = new SimulatedPartition(
                new TopicPartition("d.app", 0),
                new SimulatedPartition.App(
                        AppTopics.of(List.of(route), new TopicNames("d"))
                                .byTopic()
                                .get("d.app"),
                        100),
                new OffsetAndMetadata(0),
                path);
    }

    /** The targets after a change of the address. */
    Targets targets() {
        Destination destination = route.destinations().get(0);
        Target target = new Target(
                key,
                destination,
                (messages, attempt) -> new Call(messages),
                new Throttle(pace(destination), clock.nanoTime()),
                new DeliveryMeters(new SimpleMeterRegistry(), destination),
                new AddressLog("callback", clock.nanoTime()));
        return new Targets(List.of(RouteTargets.of(route, List.of(target))));
    }

    private Pace pace(Destination destination) {
        Double limit = destination.calls().rateLimit();
        return limit == null ? Pace.FREE : new RateLimit(limit, clock.nanoTime());
    }

    private void begin(Runnable task) {
        if (atOnce) {
            task.run();
        } else {
            threads.addLast(task);
        }
    }

    private final class Call implements SinkCall {
        private final List<String> ids;

        Call(List<RelayMessage> messages) {
            this.ids = messages.stream().map(RelayMessage::id).toList();
        }

        @Override
        public SinkResult execute() {
            sent.add(ids);
            assertThat(partition.isQuiet()).as("may be given away").isFalse();
            return answers.isEmpty()
                    ? new SinkResult.Accepted(answered(200))
                    : answers.removeFirst().get();
        }

        @Override
        public void cancel() {
            cancelled++;
        }
    }

    /** Sets the answer of the next call; a call without one is answered with 200. */
    void answer(Supplier<SinkResult> answer) {
        answers.addLast(answer);
    }

    /** Sets an answer before those that are set already. */
    void answerFirst(Supplier<SinkResult> answer) {
        answers.addFirst(answer);
    }

    static SinkResult unavailable(int status, @Nullable Duration retryAfter) {
        return Failures.failure(status, "not now", retryAfter);
    }

    /** Reads these messages in one poll; those whose id begins with {@code expired} are too late. */
    void read(String... ids) {
        for (String id : ids) {
            Long expiresAt = id.startsWith("expired") ? clock.millis() - 1 : null;
            byte[] payload = id.getBytes(StandardCharsets.UTF_8);
            RelayMessage message = new RelayMessage(
                    id, "app", route.name(), 0, "t/" + id, 1, false, null, expiresAt, null, null, List.of(), payload);
            log.add(SimulatedLog.consumed(new RecordCodec().encode(message, route.ordering(), "d.app"), 0, log.size()));
        }
        assertThat(partition.read(log, 0, 100)).isTrue();
    }

    /** Reads the unread messages in one poll of the catch-up consumer. */
    void readAgain() {
        assertThat(partition.readAgain(log, 0, 100)).isTrue();
    }

    /** Lets threads do all that they can. */
    void run() {
        for (Runnable task = threads.pollFirst(); task != null; task = threads.pollFirst()) {
            task.run();
        }
    }

    /** The offset that a commit would store now. */
    long position() {
        return partition.toCommit().map(OffsetAndMetadata::offset).orElse(0L);
    }

    /** Asserts that there was no defect, and that nothing is in flight. */
    void checkEnd() {
        assertThat(defects).isEmpty();
        assertThat(threads).isEmpty();
        assertThat(partition.isQuiet()).isTrue();
    }
}
