package io.mqttrelay.dispatch.place;

import io.mqttrelay.common.thread.CalledOn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Detects topics that were deleted and recreated, by their topic ids. Kafka's consumer does not report this: it goes on
 * in the new topic at its position in the old one, and the records before are never read. Never waits.
 */
@CalledOn("dispatch-consumer")
public final class TopicIds {
    /** Asks Kafka. */
    public interface Source {
        /** The topic id of each topic that exists. Must not block. */
        CompletableFuture<Map<String, Uuid>> of(Collection<String> topics);
    }

    private static final long BETWEEN_LOOKS = TimeUnit.SECONDS.toNanos(2);
    /** Most topics of one look: with a thousand apps, all of them would be megabytes every two seconds. */
    private static final int AT_ONCE = 500;
    /**
     * Between two looks at topics whose ids are not known yet: usually they are known before the partitions are read.
     */
    private static final long BETWEEN_FIRST_LOOKS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Source source;
    private final Set<String> topics;
    private final LongSupplier nanoTime;
    private final Map<String, Seen> seen = new HashMap<>();
    /** Topics that wait for a look; when it is empty, all topics are added again. */
    private final Deque<String> next = new ArrayDeque<>();

    private @Nullable CompletableFuture<Map<String, Uuid>> asked;
    private long askedAt;
    private long allAskedAt;

    /**
     * The id of a topic.
     *
     * @param atNanos when the last look at it began
     * @param knownSince when Kafka first answered with this id
     */
    private record Seen(Uuid id, long atNanos, long knownSince) {}

    public TopicIds(Source source, Set<String> topics, LongSupplier nanoTime) {
        this.source = source;
        this.topics = topics;
        this.nanoTime = nanoTime;
        this.allAskedAt = nanoTime.getAsLong() - BETWEEN_LOOKS;
        this.askedAt = allAskedAt;
    }

    /** Returns the topics that were recreated; for each, a time at which it surely still was the old one. */
    public Map<String, Long> madeAnew() {
        Map<String, Long> anew = Map.of();
        if (asked != null && asked.isDone()) {
            anew = compare(asked);
            asked = null;
        }
        if (asked == null) {
            ask(nanoTime.getAsLong());
        }
        return anew;
    }

    private void ask(long now) {
        if (now - allAskedAt >= BETWEEN_LOOKS) {
            allAskedAt = now;
            askedAt = now;
            asked = source.of(nextTopics());
        } else if (now - askedAt >= BETWEEN_FIRST_LOOKS) {
            askedAt = now;
            List<String> unknown =
                    topics.stream().filter(topic -> !seen.containsKey(topic)).toList();
            asked = unknown.isEmpty() ? null : source.of(unknown);
        }
    }

    private List<String> nextTopics() {
        if (next.isEmpty()) {
            next.addAll(topics);
        }
        List<String> asked = new ArrayList<>();
        while (asked.size() < AT_ONCE && !next.isEmpty()) {
            asked.add(next.remove());
        }
        asked.removeIf(topic -> !topics.contains(topic)); // the configuration has changed meanwhile
        return asked;
    }

    private Map<String, Long> compare(CompletableFuture<Map<String, Uuid>> answer) {
        if (answer.isCompletedExceptionally()) {
            return Map.of(); // asked again soon
        }
        Map<String, Long> anew = new HashMap<>();
        answer.join().forEach((topic, id) -> {
            Seen before = seen.get(topic);
            if (before != null && before.id.equals(id)) {
                seen.put(topic, new Seen(id, askedAt, before.knownSince));
                return;
            }
            seen.put(topic, new Seen(id, askedAt, nanoTime.getAsLong()));
            if (before != null) {
                anew.put(topic, before.atNanos);
            }
        });
        return anew;
    }

    /** Whether Kafka was asked for the topic's id after this moment, and has answered. */
    public boolean lookedSince(String topic, long nanos) {
        Seen last = seen.get(topic);
        return last != null && last.atNanos - nanos > 0;
    }

    /** Whether the topic may have been recreated after this moment, at which a partition of it was begun. */
    public boolean mayBeAnotherSince(String topic, long begun) {
        Seen last = seen.get(topic);
        return last == null || last.knownSince - begun > 0;
    }
}
