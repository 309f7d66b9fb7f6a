package io.mqttrelay.dispatch.sink.http.net;

import io.mqttrelay.common.thread.GuardedExecutors;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import okhttp3.Dns;

/**
 * DNS lookups with a bounded wait. The JVM's lookup can neither be cancelled nor bounded: a name server without an
 * answer would hold a call far beyond its timeout. Lookups run on a bounded number of threads, at most one per name. A
 * name whose lookup was slow is looked up on other threads, so that it delays no quick name, until it is found quickly.
 * Results are not cached (the JVM does that, for 30 s). Any thread.
 */
final class Lookups implements AutoCloseable {
    /** For quick names, and as many again for slow ones. */
    static final int THREADS = 32;

    private static final long SLOW = Duration.ofSeconds(1).toNanos();

    private final Dns dns;
    private final LongSupplier nanoTime;
    private final ConcurrentMap<String, CompletableFuture<List<InetAddress>>> running = new ConcurrentHashMap<>();
    private final Set<String> slow = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads;
    private final ExecutorService threadsOfSlow;

    /** @param nanoTime a monotonic clock, nanoseconds */
    Lookups(Dns dns, GuardedExecutors executors, LongSupplier nanoTime) {
        this.dns = dns;
        this.nanoTime = nanoTime;
        this.threads = executors.pool("dns", THREADS);
        this.threadsOfSlow = executors.pool("dns-slow", THREADS);
    }

    /** Makes lookups that stop waiting after {@code timeout}. */
    Dns within(Duration timeout) {
        return host -> await(host, timeout);
    }

    private List<InetAddress> await(String host, Duration timeout) throws UnknownHostException {
        try {
            return lookup(host).get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new LookupTimeoutException(host);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unknown(host, e);
        } catch (ExecutionException e) {
            throw unknown(host, e);
        }
    }

    private CompletableFuture<List<InetAddress>> lookup(String host) {
        CompletableFuture<List<InetAddress>> mine = new CompletableFuture<>();
        CompletableFuture<List<InetAddress>> other = running.putIfAbsent(host, mine);
        if (other != null) {
            return other;
        }
        try {
            (slow.contains(host) ? threadsOfSlow : threads).execute(() -> answer(host, mine));
        } catch (RejectedExecutionException e) {
            mine.completeExceptionally(e); // closed
        }
        return mine;
    }

    private void answer(String host, CompletableFuture<List<InetAddress>> waiting) {
        long began = nanoTime.getAsLong();
        try {
            List<InetAddress> found = dns.lookup(host);
            ended(host, waiting, began, true);
            waiting.complete(found);
        } catch (UnknownHostException | RuntimeException e) {
            ended(host, waiting, began, false);
            waiting.completeExceptionally(e);
        } catch (Error e) {
            ended(host, waiting, began, false);
            waiting.completeExceptionally(e);
            throw e;
        }
    }

    private void ended(String host, CompletableFuture<List<InetAddress>> waiting, long began, boolean found) {
        if (nanoTime.getAsLong() - began >= SLOW) {
            slow.add(host);
        } else if (found) {
            slow.remove(host); // a quick failure proves nothing: the JVM remembers failures for some seconds
        }
        running.remove(host, waiting);
    }

    private static UnknownHostException unknown(String host, Throwable cause) {
        UnknownHostException unknown = new UnknownHostException(host);
        unknown.initCause(cause);
        return unknown;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threadsOfSlow.shutdownNow();
    }
}
