package io.mqttrelay.bench.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The packaged program's configuration: one route, its defaults but for what a scenario says.
 *
 * @param app its app_id and client id
 * @param mqttPort 0: none is needed
 * @param routeKeys keys of the route beyond the required ones, such as {@code "ordering": "none"}
 */
record RelayConfiguration(
        String app,
        String group,
        String bootstrapServers,
        int mqttPort,
        int adminPort,
        List<String> urls,
        List<String> routeKeys) {
    static final String PREFIX = "bench";

    RelayConfiguration {
        urls = List.copyOf(urls);
        routeKeys = List.copyOf(routeKeys);
    }

    /** The app's topic in Kafka. */
    static String topic(String app) {
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
        String addresses = urls.stream().map(url -> '"' + url + '"').collect(Collectors.joining(", "));
        String more = routeKeys.stream().map(key -> ", " + key).collect(Collectors.joining());
        return """
                {"mqtt_brokers": [{"client_id": "%1$s", "broker_ip": "127.0.0.1", "broker_port": %2$d, "sub_deal_config": {
                   "app_id": "%1$s", "subTopic": {"topic": "%1$s/#", "qos": 1}, "callbackAddress": [%3$s]%4$s}}],
                 "kafka": {"bootstrap_servers": "%5$s", "topic_prefix": "%6$s"}, "dispatch": {"group_id": "%7$s"},
                 "admin": {"ingest_port": %8$d, "dispatch_port": %8$d}}
                """.formatted(
                app, mqttPort == 0 ? 1883 : mqttPort, addresses, more, bootstrapServers, PREFIX, group, adminPort);
    }
}
