package io.mqttrelay.dispatch.consume;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A record that was received and is not yet done. The consumer thread makes it and says which deliveries it stands for;
 * whichever thread makes a delivery durable says so here.
 */
public final class Receipt {
    private static final long[] NO_ADDRESS = {0};

    private final Assignment assignment;
    private final long offset;
    private final long timestamp;
    private final int bytes;
    private final AtomicInteger left = new AtomicInteger(1);

    private long[] addresses = NO_ADDRESS;
    /** Each place is written once, before {@link #left} counts it; null: there is only one. */
    private boolean @Nullable [] done;

    Receipt(Assignment assignment, long offset, long timestamp, int bytes) {
        this.assignment = assignment;
        this.offset = offset;
        this.timestamp = timestamp;
        this.bytes = bytes;
    }

    /** Where the record came from, and whether it still is this dispatcher's to deliver. */
    public Assignment assignment() {
        return assignment;
    }

    /**
     * Says which deliveries must end before the record is done; without this it is one, to no address. Called once, before
     * the first of them can end.
     *
     * @param keys the {@link AddressKey} of each, at least one; kept, not to be changed
     */
    public void expect(long[] keys) {
        addresses = keys;
        done = keys.length == 1 ? null : new boolean[keys.length];
        left.set(keys.length);
    }

    /** Whether the delivery to this address was made before the partition came here. Consumer thread. */
    public boolean wasDone(int index) {
        return assignment.wasDone(addresses[index], offset);
    }

    /** One delivery of the record is durable. Any thread, once for each, by its place in what was expected. */
    public void done(int index) {
        boolean[] places = done;
        if (places != null) {
            places[index] = true;
        }
        int rest = left.decrementAndGet();
        if (rest < 0) {
            throw new IllegalStateException("a delivery of " + assignment.partition() + "@" + offset + " ended twice");
        }
        if (rest == 0) {
            assignment.done(bytes);
        }
    }

    /** The record is not delivered as the configuration stands: it stays open, and its place in memory is free. */
    public void park() {
        assignment.park(bytes);
    }

    /** Adds to each address' runs whether it has got this record, which is not done. */
    void tell(Map<Long, OpenRuns> open) {
        boolean[] places = done;
        for (int i = 0; i < addresses.length; i++) {
            OpenRuns runs = open.get(addresses[i]);
            if (runs == null) {
                continue;
            }
            if (places != null && places[i]) {
                runs.close();
            } else {
                runs.open(offset);
            }
        }
    }

    boolean isDone() {
        return left.get() == 0;
    }

    long offset() {
        return offset;
    }

    long timestamp() {
        return timestamp;
    }

    int bytes() {
        return bytes;
    }
}
