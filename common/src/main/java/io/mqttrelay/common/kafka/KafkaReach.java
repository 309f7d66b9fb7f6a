package io.mqttrelay.common.kafka;

import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.thread.TimeLimited;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why Kafka cannot be reached. The result is one line with the tried addresses and the root cause. Any
 * thread.
 */
public final class KafkaReach {
    /** Timeout of a command's request to the cluster. */
    private static final Duration PATIENCE = Duration.ofMillis(2500);

    /** For a service: checking the addresses and the request. On a slow machine the first answer takes seconds. */
    private static final Duration SERVICE_PATIENCE = Duration.ofMillis(3800);

    private static final Duration LOOK = Duration.ofMillis(1500);

    /** Limit of the check of the addresses after a service's request timed out. */
    private static final Duration LAST_LOOK = Duration.ofMillis(800);

    /** Looks up the addresses of a host name. */
    interface Names {
        InetAddress[] of(String host) throws UnknownHostException;
    }

    /**
     * The problem of all addresses.
     *
     * @param isSure false: the names were not resolved in time, Kafka's client may have resolved some of them
     */
    private record Refusal(String text, boolean isSure) {}

    private final KafkaSettings settings;
    private final Names names;
    private volatile boolean answered;
    private volatile @Nullable String clusterId;

    KafkaReach(KafkaSettings settings) {
        this(settings, InetAddress::getAllByName);
    }

    KafkaReach(KafkaSettings settings, Names names) {
        this.settings = settings;
        this.names = names;
    }

    /** The id of the cluster; null: it has not answered yet. */
    public @Nullable String clusterId() {
        return clusterId;
    }

    /**
     * Asks the cluster for its id. Takes less than 5 s.
     *
     * @return the problem in one line; null: the cluster answered
     */
    public @Nullable String problem(KafkaClients clients) throws InterruptedException {
        Refusal refusal = allRefuse(LOOK);
        if (refusal != null && refusal.isSure()) {
            return refusal.text();
        }
        return TimeLimited.<@Nullable String>call(
                "kafka-reach", PATIENCE, () -> answer(clients), () -> refusal == null ? noAnswer() : refusal.text());
    }

    private @Nullable String answer(KafkaClients clients) {
        try (Admin admin = clients.admin("reach")) {
            return asked(admin, PATIENCE, LOOK);
        } catch (KafkaException e) {
            return whyNot(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return noAnswer();
        }
    }

    /**
     * Asks the cluster through this client. Unless the previous request was answered, the addresses are checked first,
     * because that fails fastest. Takes less than 5 s.
     *
     * @return the problem in one line; null: the cluster answered
     */
    public @Nullable String problem(Admin admin) throws InterruptedException {
        long begin = System.nanoTime();
        Refusal refusal = answered ? null : allRefuse(LOOK);
        Duration left = SERVICE_PATIENCE.minusNanos(System.nanoTime() - begin);
        String problem = refusal == null || !refusal.isSure() ? asked(admin, left, LAST_LOOK) : refusal.text();
        answered = problem == null;
        return problem;
    }

    /** Has the next request of a service check the addresses first, because an outage is likely. */
    public void suspectOutage() {
        answered = false;
    }

    private @Nullable String asked(Admin admin, Duration patience, Duration look) throws InterruptedException {
        try {
            clusterId = admin.describeCluster().clusterId().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return null;
        } catch (ExecutionException e) {
            return whyNot(e.getCause() == null ? e : e.getCause(), look);
        } catch (TimeoutException | KafkaException e) {
            return whyNot(e, look);
        }
    }

    /** The reason why a request to the cluster failed. If the failure does not say it, the addresses are checked. */
    public String whyNot(Throwable failure) {
        return whyNot(failure, LOOK);
    }

    private String whyNot(Throwable failure, Duration look) {
        if (failure instanceof AuthenticationException) {
            return at("refuses this client: " + RedactedCause.of(failure, settings));
        }
        if (!(failure instanceof TimeoutException || failure instanceof RetriableException || isOfNames(failure))) {
            return at("cannot be reached: " + RedactedCause.of(failure, settings));
        }
        try {
            Refusal refusal = allRefuse(look);
            return refusal == null ? noAnswer() : refusal.text();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return noAnswer();
        }
    }

    /** Whether the client reports that no bootstrap name could be resolved. */
    private static boolean isOfNames(Throwable failure) {
        return String.valueOf(failure.getCause() == null ? failure : failure.getCause())
                .contains("bootstrap");
    }

    private String noAnswer() {
        String protocol = settings.properties().containsKey("security.protocol")
                ? settings.properties().get("security.protocol").reveal()
                : "PLAINTEXT";
        return at("takes connections and does not answer (security.protocol is " + protocol
                + "; the advertised listeners of its brokers must be reachable from here)");
    }

    private String at(String what) {
        return "Kafka at " + settings.bootstrapServers() + " " + what;
    }

    /** Null: an address accepts a connection. */
    private @Nullable Refusal allRefuse(Duration limit) throws InterruptedException {
        String tried = settings.bootstrapServers();
        String begin = "Kafka at " + tried + " cannot be reached: ";
        return TimeLimited.<@Nullable Refusal>call(
                "kafka-addresses",
                limit.plusMillis(200),
                () -> {
                    String failures = new LookAt(names).failures(tried, limit);
                    return failures == null ? null : new Refusal(begin + failures, true);
                },
                () -> new Refusal(begin + "its names were not resolved within " + limit.toMillis() + " ms", false));
    }

    /** Test connections to the addresses of {@code bootstrap_servers}, to each that a name stands for. */
    private static final class LookAt {
        private final Names names;
        private final Map<String, String> failures = new LinkedHashMap<>();
        private final List<SocketChannel> channels = new ArrayList<>();
        private int pending;
        private boolean connected;

        LookAt(Names names) {
            this.names = names;
        }

        /** The failure of each address; null: one accepts a connection. */
        @Nullable
        String failures(String addresses, Duration limit) {
            long deadline = System.nanoTime() + limit.toNanos();
            try (Selector selector = Selector.open()) {
                for (String address : addresses.split(",", -1)) {
                    begin(address, selector);
                }
                while (!connected && pending > 0 && System.nanoTime() - deadline < 0) {
                    selector.select(this::finish, Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
                }
                selector.keys().stream()
                        .filter(SelectionKey::isValid)
                        .forEach(key -> failures.put(String.valueOf(key.attachment()), "no answer"));
            } catch (IOException e) {
                return "no socket can be opened here: " + e.getMessage();
            } finally {
                channels.forEach(LookAt::close);
            }
            return connected ? null : text();
        }

        private String text() {
            List<String> texts = new ArrayList<>();
            failures.forEach((address, why) -> texts.add(failures.size() == 1 ? why : address + ": " + why));
            return String.join("; ", texts);
        }

        private void begin(String address, Selector selector) throws IOException {
            int colon = address.lastIndexOf(':');
            String host = address.substring(0, colon);
            int port = Integer.parseInt(address.substring(colon + 1));
            try {
                InetAddress[] resolved = names.of(host);
                for (InetAddress each : resolved) {
                    String shown = resolved.length == 1 ? address : address + " (" + each.getHostAddress() + ")";
                    connect(shown, new InetSocketAddress(each, port), selector);
                }
            } catch (UnknownHostException e) {
                failures.put(address, "the name " + host + " cannot be resolved");
            }
        }

        private void connect(String shown, InetSocketAddress socket, Selector selector) throws IOException {
            SocketChannel channel = SocketChannel.open();
            channels.add(channel);
            channel.configureBlocking(false);
            try {
                SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT, shown);
                pending++;
                if (channel.connect(socket)) {
                    connected = true;
                    key.cancel();
                }
            } catch (IOException e) {
                failures.put(shown, String.valueOf(e.getMessage()));
                pending--;
                channel.close();
            }
        }

        private void finish(SelectionKey key) {
            try {
                connected |= ((SocketChannel) key.channel()).finishConnect();
            } catch (IOException e) {
                failures.put(String.valueOf(key.attachment()), String.valueOf(e.getMessage()));
                close((SocketChannel) key.channel());
            }
            key.cancel();
            pending--;
        }

        private static void close(SocketChannel channel) {
            try {
                channel.close();
            } catch (IOException e) {
                return; // the channel is not used any more
            }
        }
    }
}
