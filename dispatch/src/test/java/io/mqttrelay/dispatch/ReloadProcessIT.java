package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.embedded.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code relay dispatch} follows its file: at SIGHUP, and by itself. */
final class ReloadProcessIT extends DispatchScene {
    @TempDir
    private Path folder;

    ReloadProcessIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    private String configuration(String addresses, String more) {
        return """
                {"mqtt_brokers": [{"client_id": "r", "broker_ip": "127.0.0.1", "sub_deal_config": {
                  "app_id": "app", "callbackAddress": [%s], "subTopic": {"topic": "t/#"}}}],
                 "kafka": {"bootstrap_servers": "%s", "topic_prefix": "%s", "partitions": 1},
                 "dispatch": {"group_id": "%s"%s},
                 "admin": {"dispatch_port": 0}}
                """.formatted(addresses, kafka.bootstrapServers(), prefix, prefix, more);
    }

    private String address(String path) {
        return "\"" + callback.url(path) + "\"";
    }

    private void said(DispatcherProcess dispatcher, String words) {
        var unused = dispatcher.process().await(Pattern.compile(Pattern.quote(words)), PATIENCE);
    }

    private void write(String topic) {
        records.write("app", "r", topic);
        records.flush();
    }

    @Test
    void aFileIsFollowedAtSighupAndByItselfAndABadOneIsRefused() throws IOException {
        Path file = folder.resolve("one.json");
        try (DispatcherProcess dispatcher = DispatcherProcess.start(folder, "one", configuration(address("/a"), ""))
                .ready()) {
            write("t/1");
            callback.await("/a", 1, PATIENCE);

            Files.writeString(file, configuration(address("/a") + ", " + address("/b"), ""));
            dispatcher.process().signal("HUP");
            said(dispatcher, "configuration reloaded: ~app app, route r: +address " + callback.url("/b"));
            write("t/2");
            callback.await("/b", 1, PATIENCE);

            Files.writeString(file, configuration("\"ftp://nowhere\"", ""));
            said(dispatcher, "$.mqtt_brokers[0].sub_deal_config.callbackAddress");
            said(dispatcher, "the configuration file was refused");
            await().atMost(PATIENCE).until(() -> dispatcher.meter("relay_config_reloads_total", "refused") == 1);
            write("t/3");
            callback.await("/a", 3, PATIENCE);
            callback.await("/b", 2, PATIENCE);

            Path next =
                    Files.writeString(folder.resolve("next"), configuration(address("/b"), ", \"max_in_flight\": 7"));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            said(dispatcher, "-address " + callback.url("/a"));
            said(dispatcher, "needs a restart to apply: dispatch.max_in_flight");
            write("t/4");
            callback.await("/b", 3, PATIENCE);
            assertThat(topicsAt("/a")).containsExactly("t/1", "t/2", "t/3");
            assertThat(topicsAt("/b")).containsExactly("t/2", "t/3", "t/4");
            assertThat(dispatcher.process().terminate(PATIENCE)).isZero();
        }
    }
}
