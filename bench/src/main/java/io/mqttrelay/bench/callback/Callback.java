package io.mqttrelay.bench.callback;

import io.mqttrelay.bench.wire.Parent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * The server's event loop. {@code POST /a} and {@code POST /b} are working addresses with the {@link Behaviour} of
 * the run; {@code POST /down} answers 503. {@code GET /begin?...} starts a run, {@code GET /stats} returns its
 * counts.
 */
public final class Callback {
    /** The output when the callback serves, followed by the port. */
    static final String SERVES = "callback serves on ";

    private static final int BACKLOG = 1024;

    private record Due(long atNanos, CallerConnection connection, CannedAnswer answer) {}

    private final Selector selector = Selector.open();
    private final ServerSocketChannel listener = ServerSocketChannel.open();
    private final ByteBuffer in = ByteBuffer.allocateDirect(1 << 20);
    private final RunCounts tally = new RunCounts();
    private final Deque<Due> due = new ArrayDeque<>(); // sorted by time, because a run has one delay

    private Callback() throws IOException {
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    public static void main(String[] arguments) throws IOException {
        Parent.endWithIt();
        Callback callback = new Callback();
        System.out.println(SERVES + callback.port());
        callback.run();
    }

    private int port() {
        return listener.socket().getLocalPort();
    }

    private void run() throws IOException {
        while (true) {
            select();
            answerDue();
        }
    }

    private void select() throws IOException {
        Due next = due.peek();
        if (next == null) {
            selector.select(this::serve);
            return;
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(next.atNanos - System.nanoTime());
        if (millis > 0) {
            selector.select(this::serve, millis);
        } else {
            selector.selectNow(this::serve);
        }
    }

    private void serve(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept();
            } else {
                CallerConnection connection = (CallerConnection) key.attachment();
                connection.read(in, request -> take(connection, request));
            }
        } catch (IOException e) {
            key.cancel(); // the caller disconnected
        }
    }

    private void accept() throws IOException {
        SocketChannel channel = listener.accept();
        if (channel != null) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.register(selector, SelectionKey.OP_READ, new CallerConnection(channel));
        }
    }

    private void take(CallerConnection connection, Request request) {
        if (!request.isPost()) {
            connection.answer(CannedAnswer.text(tally.asked(request)));
            return;
        }
        CannedAnswer answer = tally.posted(connection.bytes(), request);
        long delay = tally.delayNanos();
        if (delay == 0) {
            connection.answer(answer);
        } else {
            due.add(new Due(System.nanoTime() + delay, connection, answer));
        }
    }

    private void answerDue() {
        if (due.isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        for (Due next = due.peek(); next != null && next.atNanos - now <= 0; next = due.peek()) {
            due.remove();
            next.connection.answer(next.answer);
        }
    }
}
