package io.mqttrelay.dispatch.sink.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Dns;

/**
 * DNS with an end: the JVM's lookup can neither be cancelled nor bounded, and a name server that is away would hold a
 * call far beyond its timeout. Lookups run on threads of their own, at most one per name; nothing is kept (the JVM does
 * that, for 30 s). Safe for any thread.
 */
final class Lookups implements AutoCloseable {
    private final Dns dns;
    private final ConcurrentMap<String, CompletableFuture<List<InetAddress>>> running = new ConcurrentHashMap<>();
    private final AtomicInteger threadCount = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "dns-" + threadCount.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    });

    Lookups(Dns dns) {
        this.dns = dns;
    }

    /** Lookups that give up waiting after {@code timeout}. */
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
            threads.execute(() -> answer(host, mine));
        } catch (RejectedExecutionException e) {
            mine.completeExceptionally(e); // closed
        }
        return mine;
    }

    private void answer(String host, CompletableFuture<List<InetAddress>> waiting) {
        try {
            waiting.complete(dns.lookup(host));
        } catch (UnknownHostException | RuntimeException e) {
            waiting.completeExceptionally(e);
        } finally {
            running.remove(host, waiting);
        }
    }

    private static UnknownHostException unknown(String host, Throwable cause) {
        UnknownHostException unknown = new UnknownHostException(host);
        unknown.initCause(cause);
        return unknown;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** The name server did not answer in time. */
    static final class LookupTimeoutException extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        LookupTimeoutException(String host) {
            super(host);
        }
    }
}
