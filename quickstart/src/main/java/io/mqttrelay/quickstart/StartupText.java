package io.mqttrelay.quickstart;

import io.mqttrelay.common.config.Broker;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.destination.Address;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.value.HostPort;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The first text on the screen: the addresses of all parts, and commands to try. */
final class StartupText {
    private static final String EMBEDDED = "embedded";
    private static final String GIVEN = "yours, from the configuration";

    private final List<String> lines = new ArrayList<>();

    private StartupText() {}

    /** @param file the configuration with which other commands reach the running parts */
    static List<String> of(Quickstart quickstart, Embedding embedding, Path file, QuickstartFolder folder) {
        RelayConfig config = quickstart.config();
        StartupText text = new StartupText();
        brokers(config)
                .forEach(broker -> text.row("MQTT broker", broker.toString(), owner(broker, embedding.mqttPorts())));
        text.row("Kafka", config.kafka().bootstrapServers(), embedding.kafka() ? EMBEDDED : GIVEN);
        callbacks(config)
                .forEach(address -> text.row(
                        "callback",
                        address.display(),
                        owner(new HostPort(address.host(), address.port()), embedding.callbackPorts())
                                .replace(EMBEDDED, "demo, embedded")));
        text.admin("ingest", quickstart.ingestAdmin());
        text.admin("dispatch", quickstart.dispatchAdmin());
        text.row("configuration", file.toString(), "");
        text.row(
                "data",
                folder.path().toString(),
                folder.temporary() ? "(deleted at the end; --data DIR keeps it)" : "");
        text.publishHint(config);
        text.commandHint(file);
        return text.lines;
    }

    private void row(String what, String where, String remark) {
        lines.add("  %-14s %-36s %s".formatted(what, where, remark).stripTrailing());
    }

    private void admin(String what, InetSocketAddress address) {
        String url = "http://" + shown(address);
        row(what, url + "/health/ready", url + "/metrics");
    }

    private static String owner(HostPort address, Set<Integer> embeddedPorts) {
        return embeddedPorts.contains(address.port()) && Loopback.is(address.host()) ? EMBEDDED : GIVEN;
    }

    private static Stream<HostPort> brokers(RelayConfig config) {
        return config.routes().stream()
                .flatMap(route -> route.broker().addresses().stream())
                .distinct();
    }

    private static List<Address> callbacks(RelayConfig config) {
        List<Address> shown = new ArrayList<>();
        for (Route route : config.routes()) {
            for (Destination destination : route.destinations()) {
                Address address = destination.address();
                if (shown.stream().noneMatch(other -> other.id().equals(address.id()))) {
                    shown.add(address);
                }
            }
        }
        return shown;
    }

    private void publishHint(RelayConfig config) {
        config.routes().stream().filter(Route::enabled).findFirst().ifPresent(route -> {
            Broker broker = route.broker();
            HostPort address = broker.addresses().get(0);
            String username = broker.shown().username();
            String user = username == null ? "" : " -u " + username.replace("***", "...") + " -P ...";
            lines.add("");
            lines.add("Publish a message of your own:");
            lines.add("  mosquitto_pub -h %s -p %d%s -t %s -m '{\"t\":21.5}'"
                    .formatted(address.host(), address.port(), user, DemoTopics.hello(route)));
            lines.add("");
        });
    }

    private void commandHint(Path file) {
        String shown = file.toString().indexOf(' ') < 0 ? file.toString() : "'" + file + "'";
        lines.add("Every other command works with this configuration, for one:");
        lines.add("  relay dead-letters --config " + shown);
        lines.add("");
    }

    /** {@code host:port}, as in a URL. */
    static String shown(InetSocketAddress address) {
        return new HostPort(address.getHostString(), address.getPort()).toString();
    }
}
