package io.mqttrelay.dispatch.sink.http.oauth;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import okhttp3.Call;
import org.jspecify.annotations.Nullable;

/**
 * The wait of one call for a token, bounded by the call's timeout. {@link #cancel()} may be called by any thread, all else
 * belongs to the thread of the call.
 */
public final class TokenWait {
    private final LongSupplier nanoTime;
    private final long deadline;
    private final CompletableFuture<Object> cancelled = new CompletableFuture<>();
    private volatile @Nullable Call request;

    /**
     * @param nanoTime a monotonic clock, nanoseconds
     * @param timeout from now
     */
    public TokenWait(LongSupplier nanoTime, Duration timeout) {
        this.nanoTime = nanoTime;
        this.deadline = nanoTime.getAsLong() + timeout.toNanos();
    }

    /** The time left; zero or negative: none. */
    public Duration left() {
        return Duration.ofNanos(deadline - nanoTime.getAsLong());
    }

    /** Ends the wait, and the token request that its thread makes; if called before, at once. */
    public void cancel() {
        cancelled.complete(true);
        Call sending = request;
        if (sending != null) {
            sending.cancel();
        }
    }

    /** Whether its thread should wait no longer: the time is over, or the call is cancelled. */
    boolean isOver() {
        return cancelled.isDone() || Thread.currentThread().isInterrupted() || left().toNanos() <= 0;
    }

    /** Makes {@link #cancel()} end this token request, too. */
    void sends(Call sending) {
        request = sending;
        if (cancelled.isDone()) {
            sending.cancel();
        }
    }

    /** Waits until the future is complete or the wait is over. */
    void await(CompletableFuture<?> other) {
        try {
            var unused =
                    CompletableFuture.anyOf(other, cancelled).get(Math.max(0, left().toNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            // isOver() tells
        } catch (ExecutionException e) {
            throw new IllegalStateException("such a future never fails", e);
        }
    }
}
