package io.mqttrelay.ingest.mqtt.wire;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Looks up the host names of MQTT brokers on threads of their own ({@code ingest-dns-n}): a name server that does not
 * answer for one broker delays no other broker. One lookup of a name runs at a time, so there are at most as many threads
 * as names in the configuration. Any thread.
 */
final class HostLookups {
    /** Finds the address of a name; may block for long. */
    interface Resolver {
        InetAddress find(String host) throws UnknownHostException;
    }

    private final Resolver resolver;
    private final ConcurrentMap<String, CompletableFuture<InetAddress>> running = new ConcurrentHashMap<>();
    private final AtomicInteger threads = new AtomicInteger();

    HostLookups(Resolver resolver) {
        this.resolver = resolver;
    }

    /** The address of a host; the answer is complete on the lookup's thread. */
    CompletableFuture<InetAddress> find(String host) {
        CompletableFuture<InetAddress> mine = new CompletableFuture<>();
        CompletableFuture<InetAddress> other = running.putIfAbsent(host, mine);
        if (other != null) {
            return other;
        }
        try {
            Thread thread = new Thread(() -> answer(host, mine), "ingest-dns-" + threads.incrementAndGet());
            thread.setDaemon(true);
            thread.start();
        } catch (Error e) { // no further thread can be created
            ended(host, mine, e);
        }
        return mine;
    }

    private void answer(String host, CompletableFuture<InetAddress> waiting) {
        try {
            InetAddress found = resolver.find(host);
            running.remove(host, waiting);
            waiting.complete(found);
        } catch (UnknownHostException | RuntimeException e) {
            ended(host, waiting, e);
        } catch (Error e) {
            ended(host, waiting, e);
            throw e; // ends the process
        }
    }

    private void ended(String host, CompletableFuture<InetAddress> waiting, Throwable failure) {
        running.remove(host, waiting);
        waiting.completeExceptionally(failure);
    }
}
