package io.mqttrelay.dispatch.progress;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Stores progress that does not fit into the metadata of a commit. No method blocks; answers come on any thread. */
public interface ProgressStore {
    /** The place of a progress record: partition and offset in the progress topic. */
    record Place(int partition, long offset) {
        /** @throws IllegalArgumentException if one of them is negative */
        public Place {
            if (partition < 0 || offset < 0) {
                throw new IllegalArgumentException("partition " + partition + ", offset " + offset);
            }
        }
    }

    /**
     * Writes a record under a key that was never used before.
     *
     * @return its place, once it is durable; fails if Kafka refuses it, or does not answer in time
     */
    CompletableFuture<Place> write(String key, byte[] value);

    /** Deletes a record, now or later. */
    void delete(String key);

    /**
     * Reads a record; tries again as long as Kafka does not answer.
     *
     * @return null: there is none of that key
     */
    CompletableFuture<byte @Nullable []> read(String key, Place place);

    /** Progress of at most this many bytes is left to the commit. */
    default int leftToCommits() {
        return ProgressCodec.MAX_BYTES;
    }

    /** Stores nothing. */
    ProgressStore NONE = new ProgressStore() {
        @Override
        public CompletableFuture<Place> write(String key, byte[] value) {
            return CompletableFuture.failedFuture(new IllegalStateException("nothing is kept"));
        }

        @Override
        public void delete(String key) {}

        @Override
        public CompletableFuture<byte @Nullable []> read(String key, Place place) {
            return CompletableFuture.completedFuture(null);
        }
    };
}
