package io.mqttrelay.testkit.mqtt;

import io.mqttrelay.embedded.LoopbackPorts;
import io.mqttrelay.testkit.net.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The configuration of a {@link MosquittoProcess}; created by {@link MosquittoProcess#builder}. */
public final class MosquittoConfiguration {
    private final Map<String, String> users = new LinkedHashMap<>();
    private final List<String> options = new ArrayList<>();
    private final List<String> listenerOptions = new ArrayList<>();
    private int port;
    private int tlsPort;
    private int websocketPort;
    private boolean persistence;
    private int maxQueuedMessages = 1_000_000;
    private @Nullable TestCertificates certificates;
    private boolean clientCertificates;

    MosquittoConfiguration() {}

    /** Sets the port of the plain listener; without it, a free one is used. */
    public MosquittoConfiguration port(int number) {
        this.port = number;
        return this;
    }

    /** Writes sessions, queued and retained messages at every change, so that they survive even a kill. */
    public MosquittoConfiguration persistence() {
        this.persistence = true;
        return this;
    }

    /** Adds a user; only known users may connect. */
    public MosquittoConfiguration user(String name, String password) {
        users.put(name, password);
        return this;
    }

    /** Adds a listener with TLS and a certificate for loopback. */
    public MosquittoConfiguration tls(TestCertificates authority) {
        this.certificates = authority;
        this.tlsPort = LoopbackPorts.free();
        return this;
    }

    /** As {@link #tls}, but clients must present a certificate of the same authority. */
    public MosquittoConfiguration mutualTls(TestCertificates authority) {
        this.clientCertificates = true;
        return tls(authority);
    }

    /** Adds a listener for MQTT over WebSocket. */
    public MosquittoConfiguration websockets() {
        this.websocketPort = LoopbackPorts.free();
        return this;
    }

    /** Sets the queue limit of one disconnected client. The default is a million; Mosquitto's own default is 1000. */
    public MosquittoConfiguration maxQueuedMessages(int messages) {
        this.maxQueuedMessages = messages;
        return this;
    }

    /** Adds a line of {@code mosquitto.conf} for the whole process, such as {@code max_inflight_messages 0}. */
    public MosquittoConfiguration option(String line) {
        options.add(line);
        return this;
    }

    /** Adds a line for the plain listener, such as {@code max_qos 0}. */
    public MosquittoConfiguration listenerOption(String line) {
        listenerOptions.add(line);
        return this;
    }

    /** Starts the broker, and returns when it accepts connections. */
    public MosquittoProcess launch() {
        try {
            Path folder = Files.createTempDirectory("relay-mosquitto-");
            int listen = port == 0 ? LoopbackPorts.free() : port;
            Path passwords = users.isEmpty() ? null : MosquittoProcess.passwordFile(folder, users);
            Files.writeString(folder.resolve("mosquitto.conf"), String.join("\n", lines(folder, listen, passwords)));
            MosquittoProcess mosquitto = new MosquittoProcess(folder, listen, tlsPort, websocketPort);
            try {
                mosquitto.start();
                return mosquitto;
            } catch (RuntimeException e) {
                mosquitto.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare a mosquitto", e);
        }
    }

    private List<String> lines(Path folder, int listen, @Nullable Path passwords) {
        List<String> lines = new ArrayList<>();
        lines.add("user root"); // lets a mosquitto of root read its folder; ignored for other users
        lines.add("log_dest file " + folder.resolve("mosquitto.log"));
        lines.add("log_type all");
        lines.add("sys_interval 1");
        lines.add("max_queued_messages " + maxQueuedMessages);
        lines.add(passwords == null ? "allow_anonymous true" : "password_file " + passwords);
        if (persistence) {
            lines.addAll(List.of(
                    "persistence true",
                    "persistence_location " + folder + "/",
                    "autosave_on_changes true",
                    "autosave_interval 1"));
        }
        lines.addAll(options);
        lines.add("listener " + listen + " 127.0.0.1");
        lines.addAll(listenerOptions);
        if (certificates != null) {
            lines.addAll(tlsLines(certificates));
        }
        if (websocketPort != 0) {
            lines.addAll(List.of("listener " + websocketPort + " 127.0.0.1", "protocol websockets"));
        }
        lines.add("");
        return lines;
    }

    private List<String> tlsLines(TestCertificates authority) {
        TestCertificates.Identity server = authority.localServer();
        return List.of(
                "listener " + tlsPort + " 127.0.0.1",
                "cafile " + authority.caFile(),
                "certfile " + server.certFile(),
                "keyfile " + server.keyFile(),
                "require_certificate " + clientCertificates);
    }
}
