package io.mqttrelay.ingest.write;

import io.mqttrelay.common.thread.CalledOn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The current Kafka producers, a {@link Generation}. Unusable producers are replaced. The old ones are closed when
 * none of their records in flight can still be stored, so that no other app's records are sent twice.
 */
@CalledOn("ingest-writer")
final class LiveProducer {
    private static final Logger LOG = LogManager.getLogger(LiveProducer.class);

    /** Producers that have worked for this time start again with the shortest wait. */
    private static final long STEADY = Duration.ofMinutes(1).toNanos();

    private static final long TOLD_AFTER = Duration.ofSeconds(30).toNanos();

    private final RecordWriter.Producers producers;
    private final LongSupplier nanoTime;
    private final Executor closer;
    private final List<Generation> retired = new ArrayList<>();

    private @Nullable Long failingSince;
    private boolean told;
    private Retry renewal = new Retry();
    private volatile @Nullable Generation current;
    private int number;

    LiveProducer(RecordWriter.Producers producers, LongSupplier nanoTime, Executor closer) {
        this.producers = producers;
        this.nanoTime = nanoTime;
        this.closer = closer;
    }

    /** The current producers; null: none at the moment. Any thread. */
    @Nullable
    Generation current() {
        return current;
    }

    /** Creates producers if there are none and the wait is over; true: new ones were created. */
    boolean renew(long now) {
        if (current != null || !renewal.isDue(now)) {
            return false;
        }
        current = make(now);
        return current != null;
    }

    private @Nullable Generation make(long now) {
        try {
            Generation made = Generation.make(++number, now, producers);
            failingSince = null;
            return made;
        } catch (RuntimeException e) {
            renewal.failed(now);
            tell(now, e);
            return null;
        }
    }

    /** Logs a long failure. {@link TopicKeeper} reports that Kafka cannot be reached. */
    private void tell(long now, RuntimeException e) {
        Long since = failingSince;
        if (since == null) {
            failingSince = now;
            told = false;
        } else if (!told && now - since >= TOLD_AFTER) {
            told = true;
            LOG.error("no Kafka producer can be made: {}; tried again until it works", SendFailure.text(e));
        }
    }

    /**
     * Ends failed producers. Only the current ones are replaced.
     *
     * @param forAll no app's records can be stored by them, so they are closed at once
     */
    void end(@Nullable Generation failed, boolean forAll, String why) {
        if (failed == null) {
            return;
        }
        failed.end();
        if (failed != current) {
            return;
        }
        long now = nanoTime.getAsLong();
        if (now - failed.made >= STEADY) {
            renewal = new Retry();
        }
        renewal.failed(now);
        LOG.error("the Kafka producer is replaced; its records are sent again in order: {}", why);
        current = null;
        if (forAll) {
            close(failed);
        } else {
            retired.add(failed);
        }
    }

    /**
     * Replaces stuck producers when new ones can be made. Until then, and until the new ones know an app's topic, the
     * stuck ones serve that app.
     */
    void replace(Generation stuck, String why) {
        Generation next = current == stuck ? make(nanoTime.getAsLong()) : null;
        if (next != null) {
            LOG.warn("the Kafka producer is replaced, no other app's records are sent again: {}", why);
            current = next;
            retired.add(stuck);
        }
    }

    /** Closes replaced producers that have no useful record in flight. */
    void closeRetired(Predicate<Generation> isBusy) {
        retired.removeIf(each -> {
            boolean over = !isBusy.test(each);
            if (over) {
                close(each);
            }
            return over;
        });
    }

    private void close(Generation ending) {
        ending.end();
        closer.execute(() -> {
            try {
                ending.close(Duration.ZERO);
            } catch (RuntimeException e) {
                LOG.warn("a Kafka producer that was replaced did not close properly: {}", SendFailure.text(e));
            }
        });
    }

    /** Closes all producers, within {@code limit}. After the thread's end. */
    void close(Duration limit) {
        retired.forEach(each -> each.close(Duration.ZERO));
        Generation ending = current;
        if (ending != null) {
            ending.close(limit);
        }
    }
}
