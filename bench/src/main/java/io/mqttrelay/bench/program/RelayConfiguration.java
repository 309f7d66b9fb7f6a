package io.mqttrelay.bench.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The configuration of the packaged relay: a route for each app, with defaults except for the scenario's keys.
 *
 * @param apps their app_ids, which are their client ids
 * @param mqttPort 0: none is needed
 * @param routeKeys keys of the routes beyond the required ones, such as {@code "ordering": "none"}
 * @param kafkaKeys keys of {@code kafka}, likewise
 */
public record RelayConfiguration(
        List<String> apps,
        String group,
        String bootstrapServers,
        int mqttPort,
        int adminPort,
        List<String> urls,
        List<String> routeKeys,
        List<String> kafkaKeys) {
    static final String PREFIX = "bench";

    public RelayConfiguration {
        apps = List.copyOf(apps);
        urls = List.copyOf(urls);
        routeKeys = List.copyOf(routeKeys);
        kafkaKeys = List.copyOf(kafkaKeys);
    }

    /** The app's topic in Kafka. */
    public static String topic(String app) {
        return PREFIX + "." + app;
    }

    Path write(Path file) {
        try {
            return Files.writeString(file, text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String text() {
        String brokers = apps.stream().map(this::broker).collect(Collectors.joining(",\n"));
        return """
                {"mqtt_brokers": [%1$s],
                 "kafka": {"bootstrap_servers": "%2$s", "topic_prefix": "%3$s"%6$s}, "dispatch": {"group_id": "%4$s"},
                 "admin": {"ingest_port": %5$d, "dispatch_port": %5$d}}
                """.formatted(brokers, bootstrapServers, PREFIX, group, adminPort, more(kafkaKeys));
    }

    private String broker(String app) {
        String addresses = urls.stream().map(url -> '"' + url + '"').collect(Collectors.joining(", "));
        return """
                {"client_id": "%1$s", "broker_ip": "127.0.0.1", "broker_port": %2$d, "sub_deal_config": {
                   "app_id": "%1$s", "subTopic": {"topic": "%1$s/#", "qos": 1}, "callbackAddress": [%3$s]%4$s}}""".formatted(app, mqttPort == 0 ? 1883 : mqttPort, addresses, more(routeKeys));
    }

    private static String more(List<String> keys) {
        return keys.stream().map(key -> ", " + key).collect(Collectors.joining());
    }
}
