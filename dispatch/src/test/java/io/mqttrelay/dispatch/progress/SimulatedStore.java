package io.mqttrelay.dispatch.progress;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The progress topic in a test: writes and tombstones arrive when the seed says so, also those of a dispatcher that has
 * died or lost its partition. A record with a tombstone is gone at once.
 */
public final class SimulatedStore implements ProgressStore {
    private static final class Stored {
        private final Place place;
        private final byte[] value;

        Stored(Place place, byte[] value) {
            this.place = place;
            this.value = value;
        }
    }

    private final Random random;
    private final Map<String, Stored> records = new HashMap<>();
    private final List<Runnable> underWay = new ArrayList<>();
    private final List<Runnable> reads = new ArrayList<>();
    private final int mostBytes;
    private long end;
    private int written;

    public SimulatedStore(Random random) {
        this.random = random;
        this.mostBytes = random.nextBoolean() ? 0 : 60 + random.nextInt(100);
    }

    @Override
    public int leftToCommits() {
        return mostBytes;
    }

    @Override
    public CompletableFuture<Place> write(String key, byte[] value) {
        CompletableFuture<Place> stored = new CompletableFuture<>();
        if (random.nextInt(10) == 0) {
            underWay.add(() -> stored.completeExceptionally(new IllegalStateException("refused")));
            return stored;
        }
        underWay.add(() -> {
            Stored record = new Stored(new Place(0, end++), value);
            if (records.put(key, record) != null) {
                throw new AssertionError("a key was used twice: " + key);
            }
            written++;
            stored.complete(record.place);
        });
        return stored;
    }

    @Override
    public void delete(String key) {
        underWay.add(() -> records.remove(key));
    }

    @Override
    public CompletableFuture<byte @Nullable []> read(String key, Place place) {
        CompletableFuture<byte @Nullable []> found = new CompletableFuture<>();
        byte[] value = find(key);
        reads.add(() -> found.complete(value));
        return found;
    }

    /** @throws AssertionError if there is none of this key */
    byte[] find(String key) {
        Stored record = records.get(key);
        if (record == null) {
            throw new AssertionError("a commit names a record that is not there: " + key);
        }
        return record.value;
    }

    /** Lets a write or tombstone arrive, or get lost. */
    public boolean step() {
        if (!reads.isEmpty()) {
            reads.remove(random.nextInt(reads.size())).run();
            return true;
        }
        if (underWay.isEmpty()) {
            return false;
        }
        Runnable next = underWay.remove(random.nextInt(underWay.size()));
        if (random.nextInt(20) > 0) {
            next.run();
        }
        return true;
    }

    /** Number of records that were written. */
    public int written() {
        return written;
    }
}
