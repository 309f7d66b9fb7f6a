package io.mqttrelay.dispatch;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A steady flow of messages: a round on each topic at a fixed rate, on its own thread. */
final class Flow implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 30;

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final SequencedRecords records;
    private final int most;
    private final Duration between;
    private final Future<Integer> writing;

    /** @param most rounds, unless stopped before */
    Flow(SequencedRecords records, int most, Duration between) {
        this.records = records;
        this.most = most;
        this.between = between;
        this.writing = thread.submit(this::write);
    }

    private int write() throws InterruptedException {
        long next = System.nanoTime();
        int rounds = 0;
        while (rounds < most && !stop.await(next - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            records.rounds(1);
            rounds++;
            next += between.toNanos();
        }
        records.flush();
        return rounds;
    }

    /** Ends the flow; returns the number of stored rounds. */
    int stop() {
        stop.countDown();
        try {
            return writing.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the flow of messages did not end", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
