package io.mqttrelay.testkit.process;

import io.mqttrelay.embedded.LoopbackPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An OAuth2 authorization server (mock-oauth2-server) in a process of its own, because its libraries are not the relay's. It
 * accepts every client. Confined to the test's thread.
 */
public final class AuthorizationServer implements AutoCloseable {
    private static final String MAIN = "no.nav.security.mock.oauth2.StandaloneMockOAuth2ServerKt";
    private static final Path CLASS_PATH = Path.of("testkit", "oauth2-server", "target", "class-path.txt");

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int POLL_MILLIS = 20;

    private final JavaProcess process;
    private final int port;

    private AuthorizationServer(JavaProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Whether its class path was written, as its POM tells. */
    static boolean isInstalled() {
        return classPath() != null;
    }

    /** The file, seen from a module's folder or from the root. Null: there is none. */
    private static @Nullable Path classPath() {
        for (Path root : List.of(Path.of(".."), Path.of("."))) {
            if (Files.isRegularFile(root.resolve(CLASS_PATH))) {
                return root.resolve(CLASS_PATH);
            }
        }
        return null;
    }

    /**
     * Starts a server and waits until it accepts connections.
     *
     * @param folder its working folder
     * @param tokenLifetime whole seconds
     */
    public static AuthorizationServer start(Path folder, Duration tokenLifetime) {
        int port = LoopbackPorts.free();
        return start(folder, port, tokenLifetime);
    }

    /** Starts a server on this port. */
    public static AuthorizationServer start(Path folder, int port, Duration tokenLifetime) {
        Path classPath = classPath();
        if (classPath == null) {
            throw new IllegalStateException("no " + CLASS_PATH);
        }
        try {
            List<String> line = List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx128m",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    Files.readString(classPath).strip(),
                    MAIN);
            String config = "{\"tokenCallbacks\": [{\"issuerId\": \"default\", \"tokenExpiry\": "
                    + tokenLifetime.toSeconds() + ", \"requestMappings\": [{\"requestParam\": \"grant_type\","
                    + " \"match\": \"client_credentials\", \"claims\": {\"sub\": \"relay\"}}]}]}";
            JavaProcess process = JavaProcess.start(
                    folder,
                    "authorization-server",
                    line,
                    Map.of("SERVER_PORT", String.valueOf(port), "SERVER_HOSTNAME", "127.0.0.1", "JSON_CONFIG", config));
            AuthorizationServer server = new AuthorizationServer(process, port);
            server.awaitListening();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitListening() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isListening()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new AssertionError("does not listen: " + process);
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while a process started", e);
            }
        }
    }

    private boolean isListening() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    public int port() {
        return port;
    }

    /** The token endpoint. */
    public String tokenUrl() {
        return "http://127.0.0.1:" + port + "/default/token";
    }

    /** Kills the server as a power cut does. */
    public void kill() {
        process.kill();
    }

    /** Suspends the server: it accepts connections and answers nothing. */
    public void suspend() {
        process.suspend();
    }

    /** Resumes a suspended server. */
    public void resume() {
        process.resume();
    }

    @Override
    public void close() {
        process.close();
    }
}
