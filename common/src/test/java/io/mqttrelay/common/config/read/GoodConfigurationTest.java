package io.mqttrelay.common.config.read;

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
import io.mqttrelay.common.config.destination.Batch;
import io.mqttrelay.common.config.destination.CircuitBreakerSettings;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.MessageFormat;
import io.mqttrelay.common.config.destination.RetryBackoff;
import io.mqttrelay.common.config.value.HostPort;
import io.mqttrelay.common.config.value.MqttVersion;
import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.config.value.TlsSettings;
import io.mqttrelay.common.topic.ExcludeRule;
import io.mqttrelay.common.topic.TopicFilter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The value that each valid key gives. */
class GoodConfigurationTest {
    private static final String SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    @TempDir
    Path folder;

    private RelayConfig file(String keys) {
        return Configs.valid(Configs.write(folder, Configs.json(keys, "", "")));
    }

    private Broker broker(String keys) {
        return Configs.valid(Configs.write(folder, Configs.json("", keys, "")))
                .routes()
                .get(0)
                .broker();
    }

    private Route route(String keys) {
        return Configs.valid(Configs.write(folder, Configs.json("", "", keys)))
                .routes()
                .get(0);
    }

    private List<Route> routes(String brokers) {
        return Configs.valid(Configs.write(folder, "{\"mqtt_brokers\": [" + brokers + "]}"))
                .routes();
    }

    private Route callbacks(String addresses, String more) {
        String keys = "\"app_id\": \"a\", \"subTopic\": {\"topic\": \"t\"}, \"callbackAddress\": " + addresses + more;
        return Configs.valid(Configs.write(folder, Configs.routeJson(keys)))
                .routes()
                .get(0);
    }

    @Test
    void aBrokerIsReadKeyByKey() {
        Broker broker = broker("""
                "username": "u", "password": "p", "alive": 30, "broker_port": 2883, "mqtt_version": 3,
                "tls": {"verify_hostname": false}, "websocket_path": "/mqtt", "session_expiry": "0s",
                "receive_maximum": 100, "shared_group": "g", "shared_leave": true, "retained": "skip",""");
        assertThat(broker)
                .isEqualTo(new Broker(
                        "u",
                        new Secret("p"),
                        30,
                        List.of(new HostPort("127.0.0.1", 2883)),
                        MqttVersion.V3_1_1,
                        new TlsSettings(null, null, null, false),
                        "mqtt",
                        Duration.ZERO,
                        100,
                        "g",
                        false,
                        true));
    }

    @Test
    void aBrokerMayHaveSeveralAddresses() {
        String keys = "\"client_id\": \"c\", \"broker_addresses\": [\"a:1883\", \"[::1]:8883\", \"10.0.0.1:1\"],";
        Route route = routes("{" + keys + "\"sub_deal_config\": {" + Configs.ROUTE + "}}")
                .get(0);
        assertThat(route.broker().addresses())
                .containsExactly(new HostPort("a", 1883), new HostPort("::1", 8883), new HostPort("10.0.0.1", 1));
    }

    @Test
    void tlsMayBeJustSwitched() {
        assertThat(broker("\"tls\": true,").tls()).isEqualTo(TlsSettings.JVM_DEFAULT);
        assertThat(broker("\"tls\": false,").tls()).isNull();
        assertThat(broker("\"tls\": {},").tls()).isEqualTo(TlsSettings.JVM_DEFAULT);
    }

    @Test
    void emptyValuesOfTheOriginalAreNone() {
        Broker broker = broker("\"username\": \"\", \"password\": \"\",");
        assertThat(broker.username()).isNull();
        assertThat(broker.password()).isNull();
        assertThat(route("\"app_name\": \"\", \"excludeTopics\": null,").appName())
                .isEqualTo("a");
    }

    /** The only destination of a route. */
    private Destination only(String route) {
        return route(route).destinations().get(0);
    }

    @Test
    void aRouteIsReadKeyByKey() {
        Route route = route("""
                "app_name": "n", "enabled": false, "callbackMethod": "https", "excludeTopics": ["x/", "regex:y"],
                "retry": 0, "retry_backoff": {"initial": "10ms", "multiplier": 1.5, "max": "1h", "jitter": 1},
                "hold_for": "0s",
                "timeout": "250ms", "ordering": "APP", "message_format": "envelope", "max_in_flight": 1,
                "reject_on": [400, 400, 599], "circuit_breaker": false, "batch": false, "rate_limit": false,""");
        Destination only = route.destinations().get(0);
        assertThat(route.appName()).isEqualTo("n");
        assertThat(route.enabled()).isFalse();
        assertThat(route.excludes()).containsExactly(ExcludeRule.parse("x/"), ExcludeRule.parse("regex:y"));
        assertThat(only.retry().retries()).isZero();
        assertThat(only.retry().backoff())
                .isEqualTo(new RetryBackoff(Duration.ofMillis(10), 1.5, Duration.ofHours(1), 1));
        assertThat(only.retry().holdFor()).isZero();
        assertThat(only("").retry().holdFor()).isEqualTo(Duration.ofHours(24));
        assertThat(only.calls().timeout()).isEqualTo(Duration.ofMillis(250));
        assertThat(route.ordering()).isEqualTo(Ordering.APP);
        assertThat(only.request().format()).isEqualTo(MessageFormat.ENVELOPE);
        assertThat(only.calls().maxInFlight()).isEqualTo(1);
        assertThat(only.calls().rejectOn()).isEqualTo(Set.of(400, 599));
        assertThat(only.calls().circuitBreaker()).isNull();
        assertThat(only.calls().rateLimit()).isNull();
        assertThat(only.request().batch()).isNull();
        assertThat(only("\"batch\": {},").request().batch())
                .isEqualTo(new Batch(100, 256 * 1024, Duration.ofMillis(20)));
        assertThat(only("\"rate_limit\": 2.5,").calls().rateLimit()).isEqualTo(2.5);
    }

    @Test
    void theCircuitBreakerIsOnUnlessItIsSwitchedOff() {
        assertThat(only("").calls().circuitBreaker())
                .isEqualTo(new CircuitBreakerSettings(50, 20, Duration.ofSeconds(15)))
                .isEqualTo(only("\"circuit_breaker\": {},").calls().circuitBreaker());
        assertThat(only("\"circuit_breaker\": {\"failure_rate\": 99.5, \"open_for\": \"1m\"},")
                        .calls()
                        .circuitBreaker())
                .isEqualTo(new CircuitBreakerSettings(99.5, 20, Duration.ofMinutes(1)));
    }

    @Test
    void subscriptionsMayBeOneOrSeveral() {
        String keys = "\"app_id\": \"a\", \"callbackAddress\": \"http://h/\", \"subTopic\": ";
        String several = "[{\"topic\": \"a/#\", \"qos\": 2}, {\"TOPIC\": \"b/+\"}]";
        Route route = Configs.valid(Configs.write(folder, Configs.routeJson(keys + several)))
                .routes()
                .get(0);
        assertThat(route.subscriptions())
                .containsExactly(
                        new Subscription(TopicFilter.parse("a/#"), 2), new Subscription(TopicFilter.parse("b/+"), 1));
    }

    @Test
    void oneRouteHasItsClientsNameAndSeveralTheirAppsToo() {
        String route = Configs.ROUTE.replace("\"a\"", "\"%s\"");
        String brokers = """
                {"client_id": "one", "broker_ip": "h", "sub_deal_config": [{%s}]},
                {"client_id": "two", "broker_ip": "h", "sub_deal_config": [{%s}, {"enabled": false, %s}]}""".formatted(route.formatted("x"), route.formatted("y"), route.formatted("z"));
        assertThat(routes(brokers)).extracting(Route::name).containsExactly("one", "two-y", "two-z");
    }

    @Test
    void anAddressHasItsOwnSettingsAndElseTheRoutes() {
        Route route = callbacks(
                "[\"http://h/1\", {\"url\": \"http://h/2\", \"headers\": {\"x-key\": \"own\"}, \"signing_secrets\": []}]",
                ", \"headers\": {\"A\": \"1\", \"X-Key\": \"all\"}, \"signing_secrets\": [\"" + SECRET + "\"]");
        Destination.Request first = route.destinations().get(0).request();
        assertThat(first.headers()).isEqualTo(Map.of("A", new Secret("1"), "X-Key", new Secret("all")));
        assertThat(first.signingSecrets()).containsExactly(new Secret(SECRET));
        Destination.Request second = route.destinations().get(1).request();
        assertThat(second.headers()).isEqualTo(Map.of("A", new Secret("1"), "x-key", new Secret("own")));
        assertThat(second.signingSecrets()).isEmpty();
    }

    @Test
    void aLoginInAUrlBecomesAHeader() {
        Destination address = callbacks("\"http://us%C3%A9r:p%40ss@127.0.0.1:8000/x?y\"", "")
                .destinations()
                .get(0);
        assertThat(address.address().url()).hasToString("http://127.0.0.1:8000/x?y");
        assertThat(address.request().headers())
                .isEqualTo(Map.of("Authorization", new Secret("Basic dXPDqXI6cEBzcw==")));
    }

    @Test
    void aRepeatedAddressCountsOnce() {
        assertThat(callbacks("[\"http://h/\", \"HTTP://H:80\", \"http://h/\", \"http://h/b\"]", "")
                        .destinations())
                .extracting(Destination::id)
                .containsExactly("http://h/", "http://h/b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost",
                "https://h.example:8443/a?b=c",
                "HTTP://my_service:8000/x",
                "http://[::1]:8000/",
                "http://10.0.0.1/ä",
                "http://xn--bcher-kva.example./"
            })
    void addressesOfManyFormsAreTakenAsTheyAreWritten(String url) {
        assertThat(callbacks("\"" + url + "\"", "").destinations())
                .extracting(address -> address.address().url().toString())
                .containsExactly(url);
    }

    @Test
    void kafkaIsReadKeyByKey() {
        KafkaSettings kafka = file("""
                "kafka": {"bootstrap_servers": "a:9092, [::1]:9093", "topic_prefix": "plant.1", "partitions": 3,
                "replication_factor": 2, "retention": "1d", "dead_letter_retention": "2d",
                "properties": {"security.protocol": "SASL_SSL", "request.timeout.ms": 5000,
                "sasl.jaas.config": "org.apache.kafka.common.security.plain.PlainLoginModule required username=\\"u\\" password=\\"p\\";"},
                "producer": {"linger.ms": "20"}, "consumer": {"max.poll.records": 10}},""").kafka();
        assertThat(kafka.bootstrapServers()).isEqualTo("a:9092,[::1]:9093");
        assertThat(kafka.topicPrefix()).isEqualTo("plant.1");
        assertThat(kafka.partitions()).isEqualTo(3);
        assertThat(kafka.replicationFactor()).isEqualTo((short) 2);
        assertThat(kafka.retention()).isEqualTo(Duration.ofDays(1));
        assertThat(kafka.deadLetterRetention()).isEqualTo(Duration.ofDays(2));
        assertThat(kafka.properties()).hasSize(3).containsEntry("request.timeout.ms", new Secret("5000"));
        assertThat(kafka.producer()).isEqualTo(Map.of("linger.ms", new Secret("20")));
        assertThat(kafka.consumer()).isEqualTo(Map.of("max.poll.records", new Secret("10")));
    }

    @Test
    void aPasswordOfKafkaMayHoldAnyCharacter() {
        String jaas = "org.apache.kafka.common.security.scram.ScramLoginModule required\\n username='u'"
                + " password='p;q \\\"#//\\\\'x';";
        assertThat(file("\"kafka\": {\"properties\": {\"sasl.jaas.config\": \"" + jaas + "\"}},")
                        .kafka()
                        .properties())
                .hasSize(1);
    }

    @Test
    void theServicesAreReadKeyByKey() {
        RelayConfig config = file("""
                "INGEST": {"max_unacked": "1GB", "max_message": "1MB"}, "dispatch": {"group_id": "g", "max_in_flight": 1, "max_buffered": "5mb"},
                "shutdown_grace": "0s", "admin": {"host": "::", "ingest_port": 0, "dispatch_port": 0, "token": "t"},""");
        assertThat(config.ingest()).isEqualTo(new IngestSettings(1L << 30, 1L << 20));
        assertThat(config.dispatch()).isEqualTo(new DispatchSettings("g", 1, 5L << 20, Duration.ofSeconds(30)));
        assertThat(config.shutdownGrace()).isZero();
        assertThat(config.admin()).isEqualTo(new AdminSettings("::", 0, 0, new Secret("t")));
    }

    @ParameterizedTest
    @CsvSource({"INFO, INFO", "warning, WARN", "Debug, DEBUG", "fatal, ERROR", "trace, TRACE"})
    void theLogsLevelIsReadInAnyCase(String written, LogSettings.Level level) {
        assertThat(file("\"log_config\": {\"level\": \"" + written + "\"},")
                        .log()
                        .level())
                .isEqualTo(level);
    }

    @Test
    void zeroInTheLogHasTheMeaningOfTheOriginal() {
        LogSettings log =
                file("\"log_config\": {\"maxsize\": 0, \"max_age\": 0, \"max_backups\": 0, \"filename\": \"\"},")
                        .log();
        assertThat(log)
                .isEqualTo(new LogSettings(LogSettings.Level.INFO, null, 100, 36_500, 10_000, LogSettings.Format.TEXT));
    }
}
