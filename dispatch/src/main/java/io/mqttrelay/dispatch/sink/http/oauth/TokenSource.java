package io.mqttrelay.dispatch.sink.http.oauth;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The access token of one client at one token server. At most one token request is in flight. It is made by the first call
 * that needs a token, and the other calls wait for its result, each for its own timeout. If that first call's timeout
 * ends before, the next one takes over. A token that ends soon is renewed beside the calls, which use it meanwhile.
 *
 * <p>After a failure the token server is left alone for {@link #PAUSE}: calls without a token fail at once. Any thread.
 */
public final class TokenSource {
    private static final Logger log = LogManager.getLogger(TokenSource.class);

    /** Between a failed token request and the next. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    private final TokenServer server;
    private final Executor renewals;
    private final LongSupplier nanoTime;

    // guarded by this
    private @Nullable AccessToken token;
    private @Nullable Flight flight;
    private @Nullable Failure failure;
    private boolean renewalFails;

    /**
     * @param renewals makes the token requests ahead of the end of a token
     * @param nanoTime a monotonic clock, nanoseconds
     */
    TokenSource(TokenServer server, Executor renewals, LongSupplier nanoTime) {
        this.server = server;
        this.renewals = renewals;
        this.nanoTime = nanoTime;
    }

    /** @param until monotonic clock, nanoseconds */
    private record Failure(TokenResult.Failed result, long until) {}

    /** A token request that is to be made by one thread. */
    private static final class Flight {
        private final AtomicBoolean begun = new AtomicBoolean();
        /** Completed with null if the thread gave up for a reason of its own. */
        private final CompletableFuture<@Nullable TokenResult> end = new CompletableFuture<>();

        /** True for one thread, which then has to make the request. */
        boolean begin() {
            return begun.compareAndSet(false, true);
        }
    }

    /** The present token, or a new one if there is none. */
    public TokenResult token(TokenWait wait) {
        return get(null, wait);
    }

    /**
     * A token instead of one that a callback has refused: the present one if it is another one, else a new one. Other
     * addresses use the refused token meanwhile.
     */
    public TokenResult insteadOf(AccessToken refused, TokenWait wait) {
        return get(refused, wait);
    }

    private TokenResult get(@Nullable AccessToken refused, TokenWait wait) {
        while (!wait.isOver()) {
            Flight awaited;
            synchronized (this) {
                TokenResult present = present(refused);
                if (present != null) {
                    return present;
                }
                if (flight == null) {
                    flight = new Flight();
                }
                awaited = flight;
            }
            TokenResult result = awaited.begin() ? request(awaited, wait) : await(awaited, wait);
            if (result != null) {
                return result;
            }
        }
        return new TokenResult.Failed(server.name() + ": no token within the timeout of the call");
    }

    /** The result without a token request; null: one is needed. */
    private @Nullable TokenResult present(@Nullable AccessToken refused) {
        long now = nanoTime.getAsLong();
        AccessToken held = token;
        if (held != null && held != refused && held.isUsable(now)) {
            if (held.isDue(now)) {
                renewAhead(now);
            }
            return new TokenResult.Granted(held);
        }
        return failure != null && failure.until() - now > 0 ? failure.result() : null;
    }

    /** Null: the thread that made the request gave up, or this wait is over. */
    private static @Nullable TokenResult await(Flight awaited, TokenWait wait) {
        wait.await(awaited.end);
        return awaited.end.getNow(null);
    }

    /** Null: this wait was over before there was a result. */
    private @Nullable TokenResult request(Flight mine, TokenWait wait) {
        TokenResult result = null;
        try {
            result = server.request(wait);
            return result;
        } finally {
            ended(mine, result);
        }
    }

    private void ended(Flight mine, @Nullable TokenResult result) {
        synchronized (this) {
            if (flight == mine) {
                flight = null;
            }
            if (result instanceof TokenResult.Granted granted) {
                token = granted.token();
                failure = null;
                renewalFails = false;
            } else if (result instanceof TokenResult.Failed failed) {
                failure = new Failure(failed, nanoTime.getAsLong() + PAUSE.toNanos());
            }
        }
        mine.end.complete(result);
    }

    private void renewAhead(long now) {
        if (flight != null || (failure != null && failure.until() - now > 0)) {
            return;
        }
        Flight renewal = new Flight();
        flight = renewal;
        try {
            renewals.execute(() -> renew(renewal));
        } catch (RejectedExecutionException e) {
            flight = null; // closed
        }
    }

    /** Makes the request, unless a call that has no token any more already makes it. */
    private void renew(Flight renewal) {
        if (!renewal.begin()) {
            return;
        }
        TokenResult result = request(renewal, new TokenWait(nanoTime, TokenServer.LONGEST));
        if (result instanceof TokenResult.Granted) {
            return;
        }
        synchronized (this) {
            if (renewalFails) {
                return;
            }
            renewalFails = true;
        }
        log.warn(
                "OAuth2 token renewal failed, the present token stays in use until its end, will retry: {}",
                result instanceof TokenResult.Failed failed ? failed.error() : server.name() + ": no answer");
    }
}
