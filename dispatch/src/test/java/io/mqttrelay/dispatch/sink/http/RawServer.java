package io.mqttrelay.dispatch.sink.http;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that sends any bytes, also those that no HTTP library would; it keeps the requests. */
public final class RawServer implements Closeable {
    /** One connection's behaviour; it ends when this returns. */
    public interface Behaviour {
        void serve(Exchange exchange) throws IOException, InterruptedException;
    }

    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "raw-server");
        thread.setDaemon(true);
        return thread;
    });
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();

    public RawServer(Behaviour behaviour) throws IOException {
        listener = new ServerSocket(0, 50, loopback(1));
        threads.execute(() -> accept(behaviour));
    }

    /** Every request on a connection gets this answer. */
    public static RawServer answering(String answer) throws IOException {
        return new RawServer(exchange -> {
            while (exchange.request()) {
                exchange.write(answer);
            }
        });
    }

    static InetAddress loopback(int last) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
    }

    public String url() {
        return "http://127.0.0.1:" + port() + "/callback";
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Head and body of each request, read as ISO 8859-1: one character is one byte. */
    List<String> requests() {
        return requests;
    }

    public int connections() {
        return connections.get();
    }

    private void accept(Behaviour behaviour) {
        try {
            while (!listener.isClosed()) {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                sockets.add(socket);
                threads.execute(() -> serve(behaviour, socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Behaviour behaviour, Socket socket) {
        try (socket) {
            behaviour.serve(new Exchange(socket));
        } catch (IOException e) {
            // the other side went away, as many tests want
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        threads.shutdownNow();
    }

    /** The server's side of one connection. */
    public final class Exchange {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;

        private Exchange(Socket socket) throws IOException {
            this.socket = socket;
            this.in = socket.getInputStream();
            this.out = socket.getOutputStream();
        }

        /** Reads one request whole; false: there is none. */
        public boolean request() throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int b = in.read();
                if (b < 0) {
                    return false;
                }
                bytes.write(b);
            }
            String head = bytes.toString(StandardCharsets.ISO_8859_1);
            byte[] body = in.readNBytes(contentLength(head));
            requests.add(head + new String(body, StandardCharsets.ISO_8859_1));
            return true;
        }

        private int contentLength(String head) {
            return head.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                    .mapToInt(line -> Integer.parseInt(
                            line.substring(line.indexOf(':') + 1).strip()))
                    .findFirst()
                    .orElse(0);
        }

        public void write(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        /** Closes with a reset instead of an orderly end. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Reads until the other side closes or the test ends. */
        void hang() throws IOException {
            in.transferTo(OutputStream.nullOutputStream());
        }
    }
}
