package io.mqttrelay.common.config.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.AdminSettings;
import io.mqttrelay.common.config.Broker;
import io.mqttrelay.common.config.DispatchSettings;
import io.mqttrelay.common.config.IngestSettings;
import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.config.LogSettings;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.Subscription;
import io.mqttrelay.common.config.TargetSettings;
import io.mqttrelay.common.config.destination.TestDestination;
import io.mqttrelay.common.config.value.HostPort;
import io.mqttrelay.common.config.value.MqttVersion;
import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.common.topic.ExcludeRule;
import io.mqttrelay.common.topic.TopicFilter;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A difference has every setting that differs, and no other. */
class ConfigDifferencePropertyTest {
    @Property(tries = 500)
    void applyingADifferenceGivesTheOtherConfiguration(
            @ForAll("configurations") RelayConfig from, @ForAll("configurations") RelayConfig to) {
        ConfigDifference difference = ConfigDifference.between(from, to);
        RelayConfig applied = difference.applyTo(from);
        assertThat(new HashSet<>(applied.routes())).isEqualTo(new HashSet<>(to.routes()));
        assertThat(applied.routes()).hasSameSizeAs(to.routes());
        assertThat(applied.dispatch()).isEqualTo(from.dispatch());
        assertThat(ConfigDifference.between(applied, to))
                .isEqualTo(
                        new ConfigDifference(List.of(), List.of(), List.of(), to.targets(), difference.needRestart()));
    }

    @Property(tries = 100)
    void equalConfigurationsDifferInNothing(@ForAll("configurations") RelayConfig config) {
        RelayConfig same = config.withRoutes(config.routes(), config.targets());
        ConfigDifference difference = ConfigDifference.between(config, same);
        assertThat(difference.isOfNoRoute()).isTrue();
        assertThat(difference.needRestart()).isEmpty();
    }

    @Property(tries = 500)
    void noRouteIsToldTwice(@ForAll("configurations") RelayConfig from, @ForAll("configurations") RelayConfig to) {
        ConfigDifference difference = ConfigDifference.between(from, to);
        assertThat(from.routes()).containsAll(difference.removed());
        assertThat(to.routes()).containsAll(difference.added());
        assertThat(difference.changed()).allSatisfy(change -> {
            assertThat(change.from()).isNotEqualTo(change.to());
            assertThat(change.from().name()).isEqualTo(change.to().name());
            assertThat(change.from().appId()).isEqualTo(change.to().appId());
        });
        assertThat(difference.added().size() + difference.changed().size())
                .isLessThanOrEqualTo(to.routes().size());
    }

    @Provide
    Arbitrary<RelayConfig> configurations() {
        Arbitrary<List<Route>> routes = routes().list().ofMaxSize(6).uniqueElements(Route::name);
        return Combinators.combine(routes, Arbitraries.integers().between(1, 2))
                .as((all, inFlight) -> new RelayConfig(
                        all,
                        TargetSettings.NONE,
                        new KafkaSettings(
                                "localhost:9092",
                                "relay",
                                12,
                                null,
                                Duration.ofDays(7),
                                Duration.ofDays(30),
                                Map.of(),
                                Map.of(),
                                Map.of()),
                        new IngestSettings(1L << 20, null),
                        new DispatchSettings("group", inFlight, 1 << 20, Duration.ofSeconds(30)),
                        Egress.DEFAULT,
                        Duration.ofSeconds(10),
                        new AdminSettings("127.0.0.1", 0, 0, null),
                        new LogSettings(LogSettings.Level.INFO, null, 1, 1, 1, LogSettings.Format.TEXT)));
    }

    private static Arbitrary<Route> routes() {
        return Combinators.combine(
                        Arbitraries.of("r1", "r2", "r3", "r4"),
                        Arbitraries.of("a", "b"),
                        urls(),
                        Arbitraries.of("t/#", "u/#")
                                .map(filter -> List.of(new Subscription(TopicFilter.parse(filter), 1))),
                        Arbitraries.of("x/", "y/").map(rule -> List.of(ExcludeRule.parse(rule))),
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.of(true, false),
                        Arbitraries.of(1883, 1884))
                .as((name, app, urls, subscriptions, excludes, retry, enabled, port) -> new Route(
                        name,
                        new Broker(
                                null,
                                null,
                                60,
                                List.of(new HostPort("127.0.0.1", port)),
                                MqttVersion.V5,
                                null,
                                null,
                                Duration.ofDays(7),
                                65_535,
                                null,
                                true,
                                false),
                        app,
                        app,
                        enabled,
                        subscriptions,
                        excludes,
                        Ordering.TOPIC,
                        urls.stream()
                                .map(url -> TestDestination.of(name, app, url.url())
                                        .headers(Map.of("k", new Secret(url.secret())))
                                        .retries(retry)
                                        .build())
                                .toList()));
    }

    private record Url(String url, String secret) {}

    private static Arbitrary<List<Url>> urls() {
        return Combinators.combine(Arbitraries.of("http://h/1", "http://h/2"), Arbitraries.of("s", "t"))
                .as(Url::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(2)
                .uniqueElements(Url::url);
    }
}
