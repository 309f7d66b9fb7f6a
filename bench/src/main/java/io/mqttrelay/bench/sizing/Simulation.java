package io.mqttrelay.bench.sizing;

import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SplittableRandom;

/**
 * Simulates single calls. Each call takes a slot and its topic's turn, waits for a processor, uses it, waits for the
 * callback, and frees its slot. Processor and callback times have an exponential distribution, so that calls arrive
 * in bursts as in reality; {@link Ceiling} uses only the means.
 */
public final class Simulation {
    private final Ceiling given;
    private final SplittableRandom random;

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Queue<Integer> waiting = new ArrayDeque<>();
    private final Queue<Integer> idleTopics = new ArrayDeque<>();
    private int idleProcessors;
    private double now;

    private record Event(double at, int topic, boolean ofProcessor) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return Double.compare(at, other.at);
        }
    }

    /** @param seed the same seed gives the same run */
    public Simulation(Ceiling given, long seed) {
        this.given = given;
        this.random = new SplittableRandom(seed);
        this.idleProcessors = given.processors();
    }

    /**
     * Delivers {@code messages} messages.
     *
     * @return messages a second in the second half
     */
    public double perSecond(int messages) {
        for (int topic = 0; topic < given.topics(); topic++) {
            idleTopics.add(topic);
        }
        for (int call = 0; call < Math.min(given.calls(), given.topics()); call++) {
            begin();
        }
        int done = 0;
        double half = 0;
        while (done < messages) {
            Event next = events.remove();
            now = next.at();
            if (next.ofProcessor()) {
                idleProcessors++;
                events.add(new Event(now + exponential(given.callMillis() * 1000), next.topic(), false));
            } else {
                done++;
                half = done == messages / 2 ? now : half;
                idleTopics.add(next.topic());
                begin();
            }
            occupyProcessors();
        }
        return (messages - messages / 2) * 1e6 / (now - half);
    }

    private void begin() {
        waiting.add(idleTopics.remove());
        occupyProcessors();
    }

    private void occupyProcessors() {
        while (idleProcessors > 0 && !waiting.isEmpty()) {
            idleProcessors--;
            events.add(new Event(now + exponential(given.microsPerMessage()), waiting.remove(), true));
        }
    }

    private double exponential(double mean) {
        return -mean * Math.log(1 - random.nextDouble());
    }
}
