package io.mqttrelay.common.config.read.destination;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.KafkaCheck;
import io.mqttrelay.common.config.destination.AddressSchemes;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.read.ConfigReader;
import io.mqttrelay.common.config.read.ConfigResult;
import io.mqttrelay.common.config.read.Configs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** An address with settings of its own is as an address of a route that has these settings. */
class DestinationMergePropertyTest {
    /** Two values of each key that is replaced as a whole. */
    private static final Map<String, List<String>> VALUES = Map.ofEntries(
            Map.entry("enabled", List.of("true", "false")),
            Map.entry("when", List.of("\"qos = 1\"", "\"qos = 2\"")),
            Map.entry("retry", List.of("0", "9")),
            Map.entry("retry_backoff", List.of("{\"initial\": \"5ms\"}", "{\"max\": \"2m\"}")),
            Map.entry("hold_for", List.of("\"0s\"", "\"1h\"")),
            Map.entry("timeout", List.of("\"1s\"", "\"2s\"")),
            Map.entry("message_format", List.of("\"envelope\"", "\"cloudevents\"")),
            Map.entry("signing_secrets", List.of("[]", "[\"whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\"]")),
            Map.entry("max_in_flight", List.of("1", "7")),
            Map.entry("rate_limit", List.of("false", "0.25")),
            Map.entry("batch", List.of("false", "{\"format\": \"lines\"}")),
            Map.entry("circuit_breaker", List.of("false", "{\"min_calls\": 3}")),
            Map.entry("accept_on", List.of("[]", "[409]")),
            Map.entry("reject_on", List.of("[]", "[404]")));

    @Provide
    Arbitrary<Map<String, String>> settings() {
        Arbitrary<Set<String>> keys = Arbitraries.of(VALUES.keySet()).set().ofMaxSize(VALUES.size());
        return keys.flatMap(chosen -> Arbitraries.integers()
                .between(0, 1)
                .list()
                .ofSize(chosen.size())
                .map(picks -> {
                    Map<String, String> settings = new LinkedHashMap<>();
                    for (String key : chosen) {
                        settings.put(key, VALUES.get(key).get(picks.get(settings.size())));
                    }
                    return settings;
                }));
    }

    @Property(tries = 300)
    void ownSettingsReplaceTheRoutes(
            @ForAll("settings") Map<String, String> route, @ForAll("settings") Map<String, String> own)
            throws IOException {
        Map<String, String> merged = new LinkedHashMap<>(route);
        merged.putAll(own);
        assertThat(destination(route, own)).usingRecursiveComparison().isEqualTo(destination(merged, Map.of()));
    }

    private static Destination destination(Map<String, String> route, Map<String, String> own) throws IOException {
        Map<String, String> address = new LinkedHashMap<>(own);
        address.put("url", "\"http://127.0.0.1/\"");
        Map<String, String> entry = new LinkedHashMap<>(route);
        entry.put("app_id", "\"a\"");
        entry.put("subTopic", "{\"topic\": \"t\"}");
        entry.put("callbackAddress", object(address));
        Path folder = Files.createTempDirectory("merge");
        Path file = folder.resolve("relay.json");
        try {
            Files.writeString(
                    file,
                    "{\"mqtt_brokers\": [{\"client_id\": \"c\", \"broker_ip\": \"127.0.0.1\", \"sub_deal_config\": "
                            + object(entry) + "}]}");
            ConfigResult result = ConfigReader.read(file, name -> null, KafkaCheck.NONE, AddressSchemes.ANY);
            return result.match(new Configs.Expected())
                    .config()
                    .routes()
                    .get(0)
                    .destinations()
                    .get(0);
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        }
    }

    private static String object(Map<String, String> entries) {
        return entries.entrySet().stream()
                .map(each -> "\"" + each.getKey() + "\": " + each.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
