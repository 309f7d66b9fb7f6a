package io.mqttrelay.dispatch;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.progress.CommittedProgress;
import io.mqttrelay.dispatch.sink.Failures;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkCall;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.window.AddressKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The callbacks of simulated dispatchers: they answer as the seed decides, and check the relay's guarantees. */
final class SimulatedCallbacks {
    /** The effect of a crash on a call in flight. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1;
    }

    /** A call in flight. */
    final class Call implements SinkCall {
        private final int dispatcher;
        private final String address;
        private final List<RelayMessage> messages;
        private final int attempt;
        private Coroutines.@Nullable Coroutine coroutine;
        private boolean cancelled;
        private boolean crashed;
        private int epoch;

        Call(int dispatcher, String address, List<RelayMessage> messages, int attempt) {
            this.dispatcher = dispatcher;
            this.address = address;
            this.messages = messages;
            this.attempt = attempt;
        }

        @Override
        public SinkResult execute() {
            coroutine = Coroutines.current();
            begins(this);
            out.add(this);
            coroutines.park();
            out.remove(this);
            if (crashed) {
                throw new Crash();
            }
            return answer(this);
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        void goOn() {
            coroutines.resume(coroutine);
        }

        void crash() {
            crashed = true;
            goOn();
        }
    }

    /**
     * The answers of an address that no commit has stored yet.
     *
     * @param failures attempts that failed and count; 0: it was accepted
     */
    private record Answered(String address, String id, int epoch, int failures) {
        String key() {
            return address + " " + id;
        }
    }

    /** Tells the owner of a partition. */
    interface Owners {
        boolean owns(int dispatcher, int partition);
    }

    private final Random random;
    private final Coroutines coroutines;
    private final List<Call> out = new ArrayList<>();
    private final Map<String, Integer> lastEpoch = new HashMap<>();
    private final Map<String, Integer> maxOut = new HashMap<>();
    private final Map<String, Map<String, Integer>> acceptedIn = new HashMap<>();
    private final Set<String> ended = new HashSet<>();
    private final Set<String> decided = new HashSet<>();
    private final Set<String> stored = new HashSet<>();
    /**
     * Messages that went out while an earlier dead letter of their lane was not stored. If the next owner of the partition
     * blocks the lane at that message, they are delivered again.
     */
    private final Set<String> pastLetter = new HashSet<>();

    private final Set<String> gone = new HashSet<>();
    private final Map<String, List<String>> sequences = new HashMap<>();
    private final Map<String, String> sequenceOf = new HashMap<>();
    private final Map<String, Integer> partitionOf = new HashMap<>();
    private final Map<String, Long> offsetOf = new HashMap<>();
    private final int[] epochs;
    private final Owners owners;
    /** The answer of each address that is down. */
    private final Map<String, SinkResult> down = new HashMap<>();

    private final AttemptOracle oracle;
    private final Map<String, Route> routes = new HashMap<>();
    private final Map<Integer, List<Answered>> notStored = new HashMap<>();
    private final Map<String, Integer> failedAndStored = new HashMap<>();
    /** Failures that count in any case, with those stored before; by address, message and epoch. */
    private final Map<String, Integer> counted = new HashMap<>();

    private boolean healthy;

    /**
     * @param epochs how often each partition was assigned so far; kept by the simulation
     * @param owners of the partitions, by Kafka's state
     * @param millis the wall clock
     */
    SimulatedCallbacks(Random random, Coroutines coroutines, int[] epochs, Owners owners, LongSupplier millis) {
        this.oracle = new AttemptOracle(millis);
        this.random = random;
        this.coroutines = coroutines;
        this.epochs = epochs;
        this.owners = owners;
    }

    Sink sink(int dispatcher, String address, int limit) {
        maxOut.put(address, limit);
        return (messages, attempt) -> new Call(dispatcher, address, messages, attempt);
    }

    /**
     * Announces a message; {@code sequence} names messages that must not overtake each other, null: it may be
     * overtaken.
     */
    void expect(
            String address, String id, TopicPartition partition, long offset, @Nullable String sequence, Route route) {
        partitionOf.put(id, partition.partition());
        offsetOf.put(id, offset);
        routes.put(address, route);
        oracle.expect(address, route);
        if (sequence != null) {
            String name = address + " " + sequence;
            sequences.computeIfAbsent(name, unused -> new ArrayList<>()).add(id);
            sequenceOf.put(address + " " + id, name);
        }
    }

    List<Call> out() {
        return out;
    }

    /** Accepts every call from now on. */
    void heal() {
        healthy = true;
        down.clear();
    }

    /** Accepts every call from now on, except at this address, which does not answer any more. */
    void healAllBut(String address) {
        heal();
        down.put(address, outage());
    }

    /** Breaks an address, which then takes nothing, or repairs it. */
    void breakOrMend(String address) {
        if (down.remove(address) == null) {
            down.put(address, outage());
        }
    }

    private SinkResult outage() {
        return List.of(
                        Failures.failure(null, "connection refused", null),
                        Failures.failure(503, "simulated", null),
                        Failures.failure(429, "simulated", null),
                        Failures.failure(500, "simulated", null))
                .get(random.nextInt(4));
    }

    /** The calls of this dispatcher end as if its process had died. */
    void crash(int dispatcher) {
        for (Call call : List.copyOf(out)) {
            if (call.dispatcher == dispatcher) {
                call.crash();
            }
        }
    }

    boolean hasEnded(String address, String id) {
        return ended.contains(address + " " + id);
    }

    /**
     * Notes that a message goes to dead letters: the following ones may pass. It has not ended before its letter is
     * stored.
     */
    void condemned(String address, String id) {
        if (!oracle.mayBeDead(address, id)) {
            throw new AssertionError(id + " at " + address + " is a dead letter, and its attempts are not used up");
        }
        decided.add(address + " " + id);
    }

    /** Notes that retention has deleted a message: the following ones may pass. */
    void deleted(String id) {
        gone.add(id);
    }

    void buried(String address, String id) {
        ended.add(address + " " + id);
    }

    /** Notes that a commit of this partition is stored: deliveries that it lists as complete must not be sent again. */
    void stored(int partition, CommittedProgress committed) {
        List<Answered> answers = notStored.getOrDefault(partition, new ArrayList<>());
        answers.removeIf(answer -> answer.epoch() != epochs[partition] || isStored(answer, committed));
    }

    private boolean isStored(Answered answer, CommittedProgress committed) {
        long key = AddressKey.of(routes.get(answer.address()).name(), answer.address());
        long offset = offsetOf.get(answer.id());
        boolean known = committed.isDone(key, offset)
                || (answer.failures() > 0 && committed.attempts(key, offset) >= answer.failures());
        if (known) {
            keep(answer);
        }
        return known;
    }

    /**
     * Notes that the partition was given away with all progress committed: accepted messages must not be sent again.
     */
    void handedOver(int partition) {
        List<Answered> answers = notStored.remove(partition);
        if (answers != null) {
            answers.stream()
                    .filter(answer -> answer.epoch() == epochs[partition])
                    .forEach(this::keep);
        }
    }

    private void keep(Answered answer) {
        if (answer.failures() == 0) {
            stored.add(answer.key());
        } else {
            failedAndStored.merge(answer.key(), answer.failures(), Math::max);
        }
    }

    private void answered(Call call, int failures) {
        for (RelayMessage message : call.messages) {
            notStored
                    .computeIfAbsent(partitionOf.get(message.id()), unused -> new ArrayList<>())
                    .add(new Answered(call.address, message.id(), call.epoch, failures));
        }
    }

    private void begins(Call call) {
        long same = out.stream()
                .filter(other -> other.dispatcher == call.dispatcher && other.address.equals(call.address))
                .count();
        check(same < maxOut.get(call.address), call, "is one call too many");
        List<String> together = new ArrayList<>();
        for (RelayMessage message : call.messages) {
            begins(call, message.id(), together);
            together.add(message.id());
        }
    }

    /** @param together messages before it in the same call */
    private void begins(Call call, String id, List<String> together) {
        String key = call.address + " " + id;
        boolean again = stored.contains(key);
        check(!again || pastLetter.contains(key), call, "was accepted, and stored as such");
        int usedUp = again ? 0 : failedAndStored.getOrDefault(key, 0);
        check(call.attempt > usedUp, call, "is attempt " + call.attempt + " after " + usedUp + " that were stored");
        Route route = routes.get(call.address);
        check(
                usedUp <= route.destinations().get(0).retry().retries(),
                call,
                "has used up its attempts, and that was stored");
        boolean each = route.destinations().get(0).retry().holdFor().isZero();
        check(
                !each || call.attempt <= route.destinations().get(0).retry().retries() + 1,
                call,
                "is attempt " + call.attempt);
        oracle.begins(call.address, id);
        int partition = partitionOf.get(id);
        check(owners.owns(call.dispatcher, partition), call, "is of a partition that is not its dispatcher's");
        call.epoch = epochs[partition];
        counted.putIfAbsent(key + " " + call.epoch, usedUp);
        String sequence = sequenceOf.get(key);
        if (sequence == null) {
            return;
        }
        for (Call other : out) {
            for (RelayMessage message : other.messages) {
                boolean beside = sequence.equals(sequenceOf.get(other.address + " " + message.id()))
                        && other.address.equals(call.address)
                        && other.epoch == call.epoch;
                check(!beside, call, "goes out beside " + message.id());
            }
        }
        for (String before : sequences.get(sequence)) {
            if (before.equals(id)) {
                break;
            }
            boolean over = together.contains(before)
                    || gone.contains(before)
                    || hasEnded(call.address, before)
                    || decided.contains(call.address + " " + before);
            check(over, call, "overtakes " + before);
            if (decided.contains(call.address + " " + before) && !hasEnded(call.address, before)) {
                pastLetter.add(key);
            }
        }
        if (together.stream().anyMatch(other -> sequence.equals(sequenceOf.get(call.address + " " + other)))) {
            return; // the first of the sequence in this call tells whether it goes back
        }
        List<String> order = sequences.get(sequence);
        int position = order.indexOf(id);
        String place = sequence + " " + call.epoch;
        int last = lastEpoch.getOrDefault(place, -1);
        check(position >= last, call, "comes after a later one");
        lastEpoch.put(place, position);
    }

    private SinkResult answer(Call call) {
        List<String> keys = call.messages.stream()
                .map(message -> call.address + " " + message.id())
                .toList();
        int dice = healthy ? 99 : random.nextInt(100);
        if (call.cancelled) {
            if (dice < 50) {
                ended.addAll(keys); // it arrived; the dispatcher got no answer
            }
            return new SinkResult.Unavailable(SinkResult.Cause.ADDRESS, null, "cancelled", null);
        }
        SinkResult outage = down.get(call.address);
        if (outage instanceof SinkResult.Unavailable unavailable) {
            return failed(call, unavailable);
        } else if (dice < 10) {
            return failed(call, Failures.failure(500, "simulated", null));
        } else if (dice < 15) {
            return failed(call, Failures.failure(503, "simulated", null));
        } else if (dice < 20) {
            return failed(call, Failures.failure(429, "simulated", Duration.ofMillis(random.nextInt(3000))));
        } else if (dice < 24) {
            call.messages.forEach(message -> oracle.refused(call.address, message.id()));
            return new SinkResult.Refused(Failures.answered(400), "simulated");
        } else if (dice < 26) {
            failed(call, Failures.failure(500, "simulated", null));
            throw new IllegalStateException("simulated defect of a sink");
        }
        oracle.accepted(call.address);
        for (String key : keys) {
            Map<String, Integer> accepted = acceptedIn.computeIfAbsent(key, unused -> new HashMap<>());
            check(accepted.put("epoch " + call.epoch, call.attempt) == null, call, "is accepted twice");
            ended.add(key);
        }
        answered(call, 0);
        return new SinkResult.Accepted(Failures.answered(200));
    }

    private SinkResult failed(Call call, SinkResult.Unavailable failure) {
        if (call.messages.size() == 1) {
            String id = call.messages.get(0).id();
            oracle.failed(call.address, id, failure.cause());
            if (failure.cause() == SinkResult.Cause.EITHER) {
                String key = call.address + " " + id;
                answered(call, counted.merge(key + " " + call.epoch, 1, Integer::sum));
            }
        } else {
            call.messages.forEach(message -> oracle.failedTogether(call.address, message.id()));
        }
        return failure;
    }

    private static void check(boolean holds, Call call, String offence) {
        if (!holds) {
            throw new AssertionError(call.messages.get(0).id() + " at " + call.address + " " + offence);
        }
    }
}
