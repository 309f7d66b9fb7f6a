package io.mqttrelay.dispatch.consume;

import io.mqttrelay.common.thread.CalledOn;
import java.util.Collection;
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
 * Whether a topic was deleted and made anew. Kafka's consumer does not say so: it goes on in the new one where it was in
 * the old one, and what lies before is never read. Never waits.
 */
@CalledOn("dispatch-consumer")
public final class TopicIds {
    /** Whom to ask. */
    public interface Source {
        /** What Kafka calls those of the topics that exist. Must not block. */
        CompletableFuture<Map<String, Uuid>> of(Collection<String> topics);
    }

    private static final long BETWEEN_LOOKS = TimeUnit.SECONDS.toNanos(2);

    private final Source source;
    private final Set<String> topics;
    private final LongSupplier nanoTime;
    private final Map<String, Seen> seen = new HashMap<>();
    private @Nullable CompletableFuture<Map<String, Uuid>> asked;
    private long askedAt;

    private record Seen(Uuid id, long atNanos) {}

    TopicIds(Source source, Set<String> topics, LongSupplier nanoTime) {
        this.source = source;
        this.topics = topics;
        this.nanoTime = nanoTime;
        this.askedAt = nanoTime.getAsLong() - BETWEEN_LOOKS;
    }

    /** The topics that are others than before; with each, when it surely still was the old one. */
    Map<String, Long> madeAnew() {
        Map<String, Long> anew = Map.of();
        if (asked != null && asked.isDone()) {
            anew = compare(asked);
            asked = null;
        }
        long now = nanoTime.getAsLong();
        if (asked == null && now - askedAt >= BETWEEN_LOOKS) {
            askedAt = now;
            asked = source.of(List.copyOf(topics));
        }
        return anew;
    }

    private Map<String, Long> compare(CompletableFuture<Map<String, Uuid>> answer) {
        if (answer.isCompletedExceptionally()) {
            return Map.of(); // asked again soon
        }
        Map<String, Long> anew = new HashMap<>();
        answer.join().forEach((topic, id) -> {
            Seen before = seen.put(topic, new Seen(id, askedAt));
            if (before != null && !before.id.equals(id)) {
                anew.put(topic, before.atNanos);
            }
        });
        return anew;
    }
}
