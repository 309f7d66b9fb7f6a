package io.mqttrelay.dispatch;

import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkCall;
import io.mqttrelay.dispatch.sink.SinkResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The far side of a simulated dispatcher: answers when and what the seed says, and holds the relay to its promises. */
final class SimulatedCallbacks {
    /** What a crash does to a call that is out. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1;
    }

    /** A call that is out. */
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
     * What an address answered, as long as no commit has stored it.
     *
     * @param failures attempts that failed and count; 0: it was accepted
     */
    private record Answered(String key, int epoch, int failures) {}

    private final Random random;
    private final Coroutines coroutines;
    private final List<Call> out = new ArrayList<>();
    private final Map<String, Integer> lastEpoch = new HashMap<>();
    private final Map<String, Integer> maxOut = new HashMap<>();
    private final Map<String, Map<String, Integer>> acceptedIn = new HashMap<>();
    private final Set<String> ended = new HashSet<>();
    private final Set<String> decided = new HashSet<>();
    private final Set<String> stored = new HashSet<>();
    private final Set<String> gone = new HashSet<>();
    private final Map<String, List<String>> sequences = new HashMap<>();
    private final Map<String, String> sequenceOf = new HashMap<>();
    private final Map<String, Integer> partitionOf = new HashMap<>();
    private final int[] epochs;
    private final Set<String> down = new HashSet<>();
    private final Map<String, Integer> retries = new HashMap<>();
    private final Map<Integer, List<Answered>> notStored = new HashMap<>();
    private final Map<String, Integer> failedAndStored = new HashMap<>();
    private boolean healthy;

    /** @param epochs how often each partition was assigned so far; kept by the simulation */
    SimulatedCallbacks(Random random, Coroutines coroutines, int[] epochs) {
        this.random = random;
        this.coroutines = coroutines;
        this.epochs = epochs;
    }

    Sink sink(int dispatcher, String address, int limit) {
        maxOut.put(address, limit);
        return (messages, attempt) -> new Call(dispatcher, address, messages, attempt);
    }

    /** Announces a message; {@code sequence} names those that must not overtake each other, null: it may be overtaken. */
    void expect(String address, String id, int partition, @Nullable String sequence, int retry) {
        partitionOf.put(id, partition);
        retries.put(address, retry);
        if (sequence != null) {
            String name = address + " " + sequence;
            sequences.computeIfAbsent(name, unused -> new ArrayList<>()).add(id);
            sequenceOf.put(address + " " + id, name);
        }
    }

    List<Call> out() {
        return out;
    }

    /** From now on everything is accepted. */
    void heal() {
        healthy = true;
        down.clear();
    }

    /** From now on everything is accepted, but at this address, which does not answer any more. */
    void healAllBut(String address) {
        heal();
        down.add(address);
    }

    /** It takes nothing until it is mended. */
    void breakOrMend(String address) {
        if (!down.remove(address)) {
            down.add(address);
        }
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

    /** It goes to dead letters, and lets those behind it pass; it has not ended before it is stored there. */
    void condemned(String address, String id) {
        decided.add(address + " " + id);
    }

    /** Retention has deleted it: those behind it wait no more. */
    void deleted(String id) {
        gone.add(id);
    }

    void buried(String address, String id) {
        ended.add(address + " " + id);
    }

    /** What was accepted in the present stay of this partition is stored in Kafka now: nobody may send it again. */
    void stored(int partition) {
        List<Answered> answers = notStored.remove(partition);
        if (answers == null) {
            return;
        }
        for (Answered answer : answers) {
            if (answer.epoch() == epochs[partition]) {
                if (answer.failures() == 0) {
                    stored.add(answer.key());
                } else {
                    failedAndStored.merge(answer.key(), answer.failures(), Math::max);
                }
            }
        }
    }

    private void answered(Call call, int failures) {
        for (RelayMessage message : call.messages) {
            notStored
                    .computeIfAbsent(partitionOf.get(message.id()), unused -> new ArrayList<>())
                    .add(new Answered(call.address + " " + message.id(), call.epoch, failures));
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

    /** @param together what goes before it in the same call */
    private void begins(Call call, String id, List<String> together) {
        check(!stored.contains(call.address + " " + id), call, "was accepted, and stored as such");
        int counted = failedAndStored.getOrDefault(call.address + " " + id, 0);
        check(call.attempt > counted, call, "is attempt " + call.attempt + " after " + counted + " that were stored");
        check(call.attempt <= retries.get(call.address) + 1, call, "is attempt " + call.attempt);
        int partition = partitionOf.get(id);
        call.epoch = epochs[partition];
        String sequence = sequenceOf.get(call.address + " " + id);
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
        }
        if (together.stream().anyMatch(other -> sequence.equals(sequenceOf.get(call.address + " " + other)))) {
            return; // the first of the sequence in this call says whether it goes back
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
        int dice = down.contains(call.address) ? 0 : healthy ? 99 : random.nextInt(100);
        if (call.cancelled) {
            if (dice < 50) {
                ended.addAll(keys); // it arrived; nobody heard
            }
            return new SinkResult.Unavailable(null, "cancelled", null);
        }
        if (dice < 10) {
            answered(call, call.attempt);
            return new SinkResult.Unavailable(500, "simulated", null);
        } else if (dice < 15) {
            return new SinkResult.Unavailable(503, "simulated", null); // does not count where it was a probe
        } else if (dice < 20) {
            return new SinkResult.Unavailable(429, "simulated", Duration.ofMillis(random.nextInt(3000)));
        } else if (dice < 24) {
            return new SinkResult.Refused(400, "simulated");
        } else if (dice < 26) {
            throw new IllegalStateException("simulated defect of a sink");
        }
        for (String key : keys) {
            Map<String, Integer> accepted = acceptedIn.computeIfAbsent(key, unused -> new HashMap<>());
            check(accepted.put("epoch " + call.epoch, call.attempt) == null, call, "is accepted twice");
            ended.add(key);
        }
        answered(call, 0);
        return new SinkResult.Accepted(200);
    }

    private static void check(boolean holds, Call call, String offence) {
        if (!holds) {
            throw new AssertionError(call.messages.get(0).id() + " at " + call.address + " " + offence);
        }
    }
}
