package io.mqttrelay.testkit.http;

import io.mqttrelay.embedded.LoopbackPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A callback for hundreds of thousands of messages. One thread serves all connections, keeps nothing and answers 200
 * after a fixed time. It can be down: refuse connections, or accept requests and never answer. HTTP/1.1 with
 * {@code Content-Length} only.
 */
public final class CountingCallback implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final long PATIENCE_SECONDS = 10;

    /** Called on the callback's thread for each complete request that will be answered with 200. */
    public interface Receiver {
        /** The body is between position and limit, and valid only until this method returns. */
        void received(ByteBuffer body);
    }

    private record Due(long atNanos, CountingConnection connection) {}

    private final int port = LoopbackPorts.free();
    private final long latencyNanos;
    private final Receiver receiver;
    private final Selector selector;
    private final Thread thread;
    private final Queue<Runnable> orders = new ConcurrentLinkedQueue<>();

    // confined to the callback's thread
    private final Deque<Due> due = new ArrayDeque<>();
    private @Nullable ServerSocketChannel listener;
    private boolean hangs;
    private boolean closed;

    private CountingCallback(Duration latency, Receiver receiver) throws IOException {
        this.latencyNanos = latency.toNanos();
        this.receiver = receiver;
        this.selector = Selector.open();
        this.thread = new Thread(this::run, "counting-callback-" + port);
        thread.setDaemon(true);
    }

    /** Starts a callback that answers this long after a request is complete. */
    public static CountingCallback start(Duration latency, Receiver receiver) {
        CountingCallback callback = down(latency, receiver);
        callback.answer();
        return callback;
    }

    /** Starts a callback that refuses connections until {@link #answer}. */
    public static CountingCallback down(Duration latency, Receiver receiver) {
        try {
            CountingCallback callback = new CountingCallback(latency, receiver);
            callback.thread.start();
            return callback;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + port + "/";
    }

    /** Starts to answer requests. */
    public void answer() {
        order(() -> {
            hangs = false;
            listen();
        });
    }

    /** Accepts requests without an answer from now on; these requests are never answered. */
    public void hang() {
        order(() -> {
            hangs = true;
            listen();
        });
    }

    /** Refuses connections from now on, and cuts the open ones. */
    public void refuse() {
        order(this::cut);
    }

    private void order(Runnable action) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        orders.add(() -> {
            action.run();
            done.complete(null);
        });
        selector.wakeup();
        done.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    private void listen() {
        if (listener != null) {
            return;
        }
        try {
            ServerSocketChannel opened = ServerSocketChannel.open();
            opened.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
            opened.configureBlocking(false);
            opened.register(selector, SelectionKey.OP_ACCEPT);
            listener = opened;
        } catch (IOException e) {
            throw new UncheckedIOException("no callback on port " + port, e);
        }
    }

    private void cut() {
        due.clear();
        listener = null;
        for (SelectionKey key : selector.keys()) {
            try {
                key.channel().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void run() {
        try {
            while (!closed) {
                select();
                for (Runnable order = orders.poll(); order != null; order = orders.poll()) {
                    order.run();
                }
                selector.selectedKeys().removeIf(key -> {
                    serve(key);
                    return true;
                });
                answerDue();
            }
            cut();
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void select() throws IOException {
        Due next = due.peek();
        long millis = next == null ? 0 : TimeUnit.NANOSECONDS.toMillis(next.atNanos - System.nanoTime());
        if (next == null || millis > 0) {
            selector.select(millis); // 0: until an event arrives
        } else {
            selector.selectNow();
        }
    }

    private void serve(SelectionKey key) {
        try {
            if (key.isValid() && key.isAcceptable()) {
                accept((ServerSocketChannel) key.channel());
            } else if (key.isValid()) {
                read((CountingConnection) key.attachment());
            }
        } catch (IOException e) {
            key.cancel(); // the caller disconnected
        }
    }

    private void accept(ServerSocketChannel from) throws IOException {
        SocketChannel channel = from.accept();
        if (channel != null) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.register(selector, SelectionKey.OP_READ, new CountingConnection(channel));
        }
    }

    private void read(CountingConnection connection) throws IOException {
        connection.read(body -> {
            if (!hangs) {
                receiver.received(body);
                due.add(new Due(System.nanoTime() + latencyNanos, connection));
            }
        });
    }

    private void answerDue() {
        long now = System.nanoTime();
        while (!due.isEmpty() && due.peek().atNanos - now <= 0) {
            due.remove().connection.answer();
        }
    }

    @Override
    public void close() {
        order(() -> closed = true);
        try {
            thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
