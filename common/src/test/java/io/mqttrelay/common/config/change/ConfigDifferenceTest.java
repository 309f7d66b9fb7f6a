package io.mqttrelay.common.config.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.read.ConfigReader;
import io.mqttrelay.common.config.read.Configs;
import io.mqttrelay.common.config.read.PemFileTest;
import io.mqttrelay.common.settings.Key;
import io.mqttrelay.common.settings.Section;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Each changed key has the effect that the documents state. */
class ConfigDifferenceTest {
    @TempDir
    private Path folder = Path.of("");

    private static final Map<String, String> BROKER_CHANGES = Map.ofEntries(
            Map.entry("username", "\"u\""),
            Map.entry("password", "\"p\""),
            Map.entry("alive", "61"),
            Map.entry("broker_ip", "\"127.0.0.2\""),
            Map.entry("broker_port", "1884"),
            Map.entry("broker_addresses", "[\"127.0.0.1:1885\"]"),
            Map.entry("mqtt_version", "3"),
            Map.entry("broker tls", "true"),
            Map.entry("websocket_path", "\"/mqtt\""),
            Map.entry("session_expiry", "\"1d\""),
            Map.entry("receive_maximum", "65534"),
            Map.entry("shared_group", "\"g\""),
            Map.entry("retained", "\"skip\""),
            Map.entry("shared_leave", "true"),
            Map.entry("client_id", "\"d\""));

    private static final Map<String, String> ROUTE_CHANGES = Map.ofEntries(
            Map.entry("app_id", "\"b\""),
            Map.entry("app_name", "\"A\""),
            Map.entry("enabled", "false"),
            Map.entry("callbackAddress", "[{\"url\": \"http://127.0.0.1/\", \"headers\": {\"x\": \"y\"}}]"),
            Map.entry("subTopic", "{\"topic\": \"t\", \"qos\": 2}"),
            Map.entry("excludeTopics", "[\"t\"]"),
            Map.entry("retry", "4"),
            Map.entry("retry_backoff", "{\"jitter\": 0}"),
            Map.entry("hold_for", "\"1h\""),
            Map.entry("timeout", "\"9s\""),
            Map.entry("ordering", "\"none\""),
            Map.entry("message_format", "\"envelope\""),
            Map.entry("headers", "{\"x\": \"y\"}"),
            Map.entry("signing_secrets", "[\"whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\"]"),
            Map.entry("max_in_flight", "1"),
            Map.entry("rate_limit", "10"),
            Map.entry("batch", "{}"),
            Map.entry("circuit_breaker", "false"),
            Map.entry("reject_on", "[400]"),
            Map.entry("accept_on", "[409]"),
            Map.entry("when", "\"qos = 1\""),
            Map.entry("template", "{\"body\": \"payload\"}"),
            Map.entry(
                    "oauth2", "{\"token_url\": \"http://127.0.0.1/\", \"client_id\": \"c\", \"client_secret\": \"s\"}"),
            Map.entry("tls", "{\"ca_file\": \"ca.pem\"}"));

    @TestFactory
    Stream<DynamicTest> everyKeyOfARouteHasTheEffectThatIsTold() {
        return ReloadTable.effects().entrySet().stream()
                .map(told -> DynamicTest.dynamicTest(
                        told.getKey(), () -> assertThat(effects(told.getKey())).containsExactly(told.getValue())));
    }

    private List<ReloadTable.Effect> effects(String key) {
        ConfigDifference difference = ConfigDifference.between(read("", Map.of(), Map.of()), changed(key));
        assertThat(difference.needRestart()).isEmpty();
        if (difference.changed().isEmpty()) {
            assertThat(difference.added()).hasSize(1);
            assertThat(difference.removed()).hasSize(1);
            return List.of(ReloadTable.Effect.ROUTE);
        }
        RouteChange change = difference.changed().get(0);
        assertThat(change.summary()).doesNotContain("order of its entries");
        return Stream.of(
                        effect(change.isOfConnection(), ReloadTable.Effect.CONNECTION),
                        effect(change.isOfEnabled(), ReloadTable.Effect.ENABLED),
                        effect(differ(change, Route::subscriptions), ReloadTable.Effect.SUBSCRIPTION),
                        effect(differ(change, Route::excludes), ReloadTable.Effect.EXCLUDES),
                        effect(differ(change, r -> r.broker().deliverRetained()), ReloadTable.Effect.MESSAGES),
                        effect(differ(change, r -> r.broker().sharedLeave()), ReloadTable.Effect.STOP),
                        effect(
                                change.isOfCalls(
                                        change.to().destinations().get(0).id()),
                                ReloadTable.Effect.CALLS))
                .flatMap(each -> each)
                .toList();
    }

    @Test
    void anAddressMoreOfTheSameHostChangesNoOther() {
        RelayConfig one = read("", Map.of(), Map.of("callbackAddress", "[\"http://127.0.0.1/\"]"));
        RelayConfig two =
                read("", Map.of(), Map.of("callbackAddress", "[\"http://127.0.0.1/\", \"http://127.0.0.1/b\"]"));
        assertThat(ConfigDifference.between(one, two).changed())
                .extracting(RouteChange::summary)
                .containsExactly("+address http://127.0.0.1/b");
    }

    private static boolean differ(RouteChange change, Function<Route, Object> setting) {
        return !setting.apply(change.from()).equals(setting.apply(change.to()));
    }

    private static Stream<ReloadTable.Effect> effect(boolean is, ReloadTable.Effect effect) {
        return is ? Stream.of(effect) : Stream.empty();
    }

    private RelayConfig changed(String key) {
        boolean ofBroker = BROKER_CHANGES.containsKey(key);
        String value = (ofBroker ? BROKER_CHANGES : ROUTE_CHANGES).get(key);
        assertThat(value).as("a change of " + key).isNotNull();
        Map<String, String> change = Map.of(ofBroker && key.equals("broker tls") ? "tls" : key, String.valueOf(value));
        return ofBroker ? read("", change, Map.of()) : read("", Map.of(), change);
    }

    private RelayConfig read(String file, Map<String, String> broker, Map<String, String> route) {
        Map<String, String> entry = new LinkedHashMap<>(Map.of(
                "app_id", "\"a\"",
                "callbackAddress", "\"http://127.0.0.1/\"",
                "subTopic", "{\"topic\": \"t\"}"));
        entry.putAll(route);
        Map<String, String> entries = new LinkedHashMap<>(Map.of("client_id", "\"c\""));
        if (!broker.containsKey("broker_addresses")) {
            entries.put("broker_ip", "\"127.0.0.1\"");
        }
        entries.putAll(broker);
        entries.put("sub_deal_config", object(entry));
        String json = "{" + file + "\"mqtt_brokers\": [" + object(entries) + "]}";
        try {
            Files.writeString(folder.resolve("ca.pem"), PemFileTest.CERTIFICATE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Configs.valid(Configs.write(folder, json));
    }

    private static String object(Map<String, String> entries) {
        return entries.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\": " + entry.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }

    @Test
    void everyOtherKeyNeedsARestart() {
        var names = new TreeSet<String>();
        for (Key<?> key : ConfigReader.ROOT.keys()) {
            if (Set.of("mqtt_brokers", "targets", "$schema").contains(key.name())) {
                continue;
            }
            List<Section> sections = List.copyOf(key.type().sections());
            if (sections.isEmpty()) {
                names.add(key.name());
            }
            sections.forEach(
                    section -> section.keys().forEach(setting -> names.add(key.name() + "." + setting.name())));
        }
        assertThat(new TreeSet<>(FixedSettings.names())).isEqualTo(names);
    }

    @Test
    void namesSettingsThatNeedARestartAndAppliesTheRest() {
        RelayConfig from = read("", Map.of(), Map.of());
        RelayConfig to = read(
                "\"kafka\": {\"partitions\": 3, \"topic_prefix\": \"p\"}, \"log_config\": {\"level\": \"debug\"},",
                Map.of(),
                Map.of("retry", "1"));
        ConfigDifference difference = ConfigDifference.between(from, to);
        assertThat(difference.needRestart())
                .containsExactly("kafka.topic_prefix", "kafka.partitions", "log_config.level");
        RelayConfig applied = difference.applyTo(from);
        assertThat(applied.kafka()).isEqualTo(from.kafka());
        assertThat(applied.routes()).isEqualTo(to.routes());
        assertThat(ConfigDifference.between(applied, to).isOfNoRoute()).isTrue();
    }

    @Test
    void aSecretIsComparedAndNeverShown() {
        RelayConfig from = read("", Map.of("password", "\"hunter1\""), Map.of("headers", "{\"x\": \"hunter3\"}"));
        RelayConfig to = read("", Map.of("password", "\"hunter2\""), Map.of("headers", "{\"x\": \"hunter4\"}"));
        ConfigDifference difference = ConfigDifference.between(from, to);
        assertThat(difference.summary()).isEqualTo("~app a, route c: ~address http://127.0.0.1/, MQTT connection");
        assertThat(difference.toString()).doesNotContain("hunter");
    }
}
