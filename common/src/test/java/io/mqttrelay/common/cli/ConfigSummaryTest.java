package io.mqttrelay.common.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.read.Configs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigSummaryTest {
    @TempDir
    Path folder;

    @Test
    void theOriginalFileIsToldInFull() {
        Path original = Path.of("src/test/resources/io/mqttrelay/common/config/read/original.json");
        assertThat(ConfigSummary.of(Configs.valid(original))).startsWith("""
                        route go-mqtt-client-1
                          app            123 (test1)
                          broker         127.0.0.1:1883 over MQTT 5
                          session        kept 7d, keep-alive 60s, receive maximum 65535
                          retained       delivered
                          takes          from/v1/# (QoS 0)
                          except         from/v1/aaa/
                          Kafka topics   relay.123, relay.123.replay, relay.123.dead
                          order          topic: messages of one MQTT topic, per address
                          format         raw
                          calls          http://127.0.0.1:8000/api/test
                          each call      within 10s, 128 at once per address
                          retries        5, the first after 1s, then times 2.0 up to 1m, jitter 0.2
                          hold           one message may hold up an address for 1d
                          breaker        opens at 50.0 % failures of 20 calls or more, then a probe every 15s
                          rejected on    400, 406, 413, 414, 415, 422, 431

                        route go-mqtt-client-2
                        """).endsWith("""
                        kafka
                          servers        localhost:9092
                          new topics     relay.<app>, 12 partitions, replication factor the broker's, kept 7d, dead letters 30d

                        ingest
                          unacknowledged at most a quarter of the heap and 64MB
                          message        at most a sixteenth of the heap and 16MB

                        dispatch
                          group          relay-dispatch
                          calls          at most 1024 at once
                          buffer         at most 64MB
                          rebalance wait 30s
                          egress         any address but link-local and cloud metadata

                        both
                          admin          ingest 127.0.0.1:8081, dispatch 127.0.0.1:8082, no token
                          shutdown grace 30s
                          log            info as text to stderr and logs/mqtt.log, rolled at 1MB, kept 7 days and 3 files
                        """);
    }

    @Test
    void aBatchAndARateAreTold() {
        String route = """
                "app_id": "a", "subTopic": {"topic": "t"}, "callbackAddress": "http://h/", "rate_limit": 2.5,
                "batch": {"max_messages": 10}""";
        assertThat(ConfigSummary.of(Configs.valid(Configs.write(folder, Configs.routeJson(route)))))
                .contains("  format         batches of envelopes, up to 10 and 256KB, waiting 20ms for more\n")
                .contains("  each call      within 10s, 128 at once per address, 2.5 a second\n");
    }

    @Test
    void aSettingInWhichAddressesDifferIsToldBelowEach() {
        String route = """
                "app_id": "a", "subTopic": {"topic": "t"}, "retry": 2, "callbackAddress": ["http://h/1",
                {"url": "http://h/2", "id": "two", "name": "Two", "retry": 0, "enabled": false}]""";
        assertThat(ConfigSummary.of(Configs.valid(Configs.write(folder, Configs.routeJson(route)))))
                .contains("""
                          format         raw
                          calls          http://h/1
                            retries      2, the first after 1s, then times 2.0 up to 1m, jitter 0.2
                          calls          http://h/2, disabled, id two, name Two
                            retries      none
                          each call      within 10s, 128 at once per address
                        """);
    }

    @Test
    void hidesSecrets() {
        String route = """
                "app_id": "a", "subTopic": {"topic": "t"}, "headers": {"X-Key": "planted"}, "callbackAddress": [
                "https://planted:planted@h/p?token=planted"],
                "signing_secrets": ["whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="]""";
        String summary = ConfigSummary.of(Configs.valid(Configs.write(folder, Configs.routeJson(route))));
        assertThat(summary)
                .contains(
                        "https://h/p?***, X-Key: ***, Authorization: ***, signed with 1 secret, TLS (the JVM's trust store)")
                .doesNotContain("planted")
                .doesNotContain("AAEC");
    }

    @ParameterizedTest
    @CsvSource({
        "plant-${env:SITE}, ${env:PATH}, user plant-***, WebSocket /***",
        "${file:user}, /mqtt/${env:SITE}/x, user ***, WebSocket /mqtt/***/x",
        "${env:NONE:-guest}, //${env:PATH}, user ***, WebSocket //***",
        "relay, /mqtt, user relay, WebSocket /mqtt",
    })
    void hidesTheValuesOfReferences(String username, String path, String login, String socket) throws Exception {
        Files.writeString(folder.resolve("user"), "planted-user\n");
        String broker =
                "\"username\": \"" + username + "\", \"password\": \"p\", \"websocket_path\": \"" + path + "\",";
        RelayConfig config = Configs.read(
                        Configs.write(folder, Configs.json("", broker, "")),
                        Map.of("SITE", "planted-site", "PATH", "/planted-path"))
                .match(new Configs.Expected())
                .config();

        assertThat(ConfigSummary.of(config))
                .contains("  login          " + login + ", password ***\n", ", " + socket + "\n")
                .doesNotContain("planted", "guest");
        assertThat(config.routes().get(0).broker().username()).doesNotContain("*");
    }

    @Test
    void aSecretPathIsHidden() {
        String route = """
                "app_id": "a", "subTopic": {"topic": "t"},
                "callbackAddress": ["https://h/${env:TOKEN}/x", "${env:URL}"]""";
        RelayConfig config = Configs.read(
                        Configs.write(folder, Configs.routeJson(route)),
                        Map.of(
                                "TOKEN",
                                "hunter2-hunter2",
                                "URL",
                                "https://u:p@hooks.example:8443/services/hunter2-hunter2?q=hunter3"))
                .match(new Configs.Expected())
                .config();
        assertThat(ConfigSummary.of(config))
                .contains("https://h/***/x", "https://hooks.example:8443/***")
                .doesNotContain("hunter");
    }

    @Test
    void aNameCannotForgeALine() {
        Path file = Configs.write(folder, Configs.json("", "", "\"app_name\": \"x\\nroute forged\\u001b[2J\\u202e\","));
        assertThat(ConfigSummary.of(Configs.valid(file)))
                .contains("a (x\\u000Aroute forged\\u001B[2J\\u202E)")
                .doesNotContain("\nroute forged");
    }
}
