package io.mqttrelay.common.cli;

import io.mqttrelay.common.config.AdminSettings;
import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.config.LogSettings;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.value.HostPort;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.settings.SizeType;
import io.mqttrelay.common.topic.TopicNames;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The summary of the effective configuration that {@code relay validate} prints. It has every value but no secret:
 * header values, passwords, Kafka client settings, queries of URLs, and values of references in user names and paths are
 * hidden.
 */
final class ConfigSummary {
    private final SummaryLines lines = new SummaryLines();

    private ConfigSummary() {}

    /** The summary: several lines, each ended by a line feed. */
    static String of(RelayConfig config) {
        ConfigSummary summary = new ConfigSummary();
        RouteSummary routes =
                new RouteSummary(summary.lines, new TopicNames(config.kafka().topicPrefix()));
        config.routes().forEach(routes::add);
        summary.services(config);
        return summary.lines.toString();
    }

    private static String atMost(@Nullable Long bytes, String otherwise) {
        return "at most " + (bytes == null ? otherwise : SizeType.text(bytes));
    }

    private void services(RelayConfig config) {
        kafka(config.kafka());
        lines.heading("ingest");
        lines.line("unacknowledged", atMost(config.ingest().maxUnacked(), "a quarter of the heap and 64MB"));
        lines.line("message", atMost(config.ingest().maxMessage(), "a sixteenth of the heap and 16MB"));
        lines.heading("dispatch");
        lines.line("group", config.dispatch().groupId());
        lines.line("calls", "at most " + config.dispatch().maxInFlight() + " at once");
        lines.line("buffer", "at most " + SizeType.text(config.dispatch().maxBuffered()));
        lines.line("rebalance wait", SummaryLines.time(config.dispatch().rebalanceWait()));
        lines.line("egress", config.egress().toString());
        lines.heading("both");
        AdminSettings admin = config.admin();
        lines.line(
                "admin",
                "ingest " + adminAddress(admin, admin.ingestPort()) + ", dispatch "
                        + adminAddress(admin, admin.dispatchPort())
                        + (admin.token() == null ? ", no token" : ", token " + SummaryLines.HIDDEN));
        lines.line("shutdown grace", SummaryLines.time(config.shutdownGrace()));
        lines.line("log", log(config.log()));
    }

    private void kafka(KafkaSettings kafka) {
        lines.heading("kafka");
        lines.line("servers", kafka.bootstrapServers());
        String replicas = kafka.replicationFactor() == null
                ? "the broker's"
                : kafka.replicationFactor().toString();
        lines.line(
                "new topics",
                kafka.topicPrefix() + ".<app>, " + kafka.partitions() + " partitions, replication factor " + replicas
                        + ", kept " + SummaryLines.time(kafka.retention()) + ", dead letters "
                        + SummaryLines.time(kafka.deadLetterRetention()));
        settings("all clients", kafka.properties());
        settings("producers", kafka.producer());
        settings("consumers", kafka.consumer());
    }

    private void settings(String clients, Map<String, Secret> settings) {
        if (!settings.isEmpty()) {
            lines.line(
                    clients,
                    new TreeSet<>(settings.keySet())
                            .stream()
                                    .map(name -> name + "=" + SummaryLines.HIDDEN)
                                    .collect(Collectors.joining(", ")));
        }
    }

    private static String adminAddress(AdminSettings admin, int port) {
        String host = new HostPort(admin.host(), port).toString();
        return port == 0 ? host.substring(0, host.lastIndexOf(':')) + ", any free port" : host;
    }

    private static String log(LogSettings log) {
        String console = SummaryLines.lower(log.level()) + " as " + SummaryLines.lower(log.format()) + " to stderr";
        return log.filename() == null
                ? console
                : console + " and " + log.filename() + ", rolled at " + log.maxSizeMb() + "MB, kept " + log.maxAgeDays()
                        + " days and " + log.maxBackups() + " files";
    }
}
