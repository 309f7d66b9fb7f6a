package io.mqttrelay.testkit.http;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** One request and its connection, for the answer. Confined to the connection's thread. */
public final class Exchange {
    private static final int WATCH_MILLIS = 20;

    private final ReceivedRequest request;
    private final Socket socket;
    private final CountDownLatch serverClosed;
    private final IntConsumer answering;

    Exchange(ReceivedRequest request, Socket socket, CountDownLatch serverClosed, IntConsumer answering) {
        this.request = request;
        this.socket = socket;
        this.serverClosed = serverClosed;
        this.answering = answering;
    }

    public ReceivedRequest request() {
        return request;
    }

    /** Records the status of the answer, for callers that then {@link #write} it themselves. */
    public void announce(int status) {
        answering.accept(status);
    }

    /** Sends a complete answer. */
    public void answer(int status, List<String> headers, byte[] body) throws IOException {
        announce(status);
        StringBuilder head = headText(status, headers);
        if (status != 204 && status != 304) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        head.append("\r\n");
        byte[] headBytes = latin1(head.toString());
        byte[] whole = new byte[headBytes.length + body.length]; // a caller may not wait for a second write
        System.arraycopy(headBytes, 0, whole, 0, headBytes.length);
        System.arraycopy(body, 0, whole, headBytes.length, body.length);
        socket.getOutputStream().write(whole);
        socket.getOutputStream().flush();
    }

    /** Sends the status line and headers only. */
    public void head(int status, List<String> headers) throws IOException {
        announce(status);
        write(headText(status, headers).append("\r\n").toString());
    }

    private static StringBuilder headText(int status, List<String> headers) {
        StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append(" Scripted\r\n");
        headers.forEach(header -> head.append(header).append("\r\n"));
        return head;
    }

    /** Sends any text, one byte per character. */
    public void write(String text) throws IOException {
        socket.getOutputStream().write(latin1(text));
        socket.getOutputStream().flush();
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Whether both the server and this side of the connection are open. */
    public boolean isOpen() {
        return serverClosed.getCount() > 0 && !socket.isClosed();
    }

    /** Waits this long, or until the server closes. */
    public void pause(Duration time) throws IOException {
        try {
            if (serverClosed.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException("the server closes");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Waits until the latch is open. */
    public void await(CountDownLatch latch) throws IOException {
        try {
            while (!latch.await(WATCH_MILLIS, TimeUnit.MILLISECONDS)) {
                pause(Duration.ZERO);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Does nothing until the caller disconnects or the server closes. */
    public void hang() throws IOException {
        while (socket.getInputStream().read() >= 0) {
            pause(Duration.ZERO);
        }
        close();
    }

    public void close() throws IOException {
        socket.close();
    }

    /** Resets the connection. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }
}
