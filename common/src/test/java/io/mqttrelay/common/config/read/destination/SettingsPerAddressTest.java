package io.mqttrelay.common.config.read.destination;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.KafkaCheck;
import io.mqttrelay.common.config.destination.AddressSchemes;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.KafkaTarget;
import io.mqttrelay.common.config.destination.MessageFormat;
import io.mqttrelay.common.config.read.ConfigReader;
import io.mqttrelay.common.config.read.ConfigResult;
import io.mqttrelay.common.config.read.Configs;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings of one address: its own, or else the route's, or else the defaults. */
class SettingsPerAddressTest {
    private static final String TARGETS = "\"targets\": {\"kafka\": {\"lake\": {\"bootstrap_servers\": \"h:9092\"}},"
            + " \"jdbc\": {\"db\": {\"url\": \"jdbc:h2:mem:x\"}}}, ";

    @TempDir
    private Path folder;

    private ConfigResult result(String route, String addresses) {
        String entry = route + "\"app_id\": \"a\", \"subTopic\": {\"topic\": \"t\"}, \"callbackAddress\": " + addresses;
        String json = "{" + TARGETS + "\"mqtt_brokers\": [{\"client_id\": \"c\", \"broker_ip\": \"127.0.0.1\","
                + " \"sub_deal_config\": {" + entry + "}}]}";
        return ConfigReader.read(Configs.write(folder, json), name -> null, KafkaCheck.NONE, AddressSchemes.ANY);
    }

    private List<Destination> read(String route, String addresses) {
        return result(route, addresses)
                .match(new Configs.Expected())
                .config()
                .routes()
                .get(0)
                .destinations();
    }

    private List<String> problems(String route, String addresses) {
        ConfigResult result = result(route, addresses);
        assertThat(result).isInstanceOf(ConfigResult.Invalid.class);
        return ((ConfigResult.Invalid) result)
                .problems().stream()
                        .map(line -> line.replaceFirst("^.*?\\$\\.mqtt_brokers\\[0\\]\\.sub_deal_config\\.", ""))
                        .toList();
    }

    @Test
    void theAddressWinsOverTheRouteAndTheRouteOverTheDefault() {
        List<Destination> read = read(
                "\"retry\": 3, \"timeout\": \"7s\", \"enabled\": false, \"batch\": {}, ",
                "[\"http://127.0.0.1/1\", {\"url\": \"http://127.0.0.1/2\", \"retry\": 0, \"enabled\": true,"
                        + " \"batch\": false, \"rate_limit\": 0.5, \"circuit_breaker\": false}]");
        Destination plain = read.get(0);
        assertThat(plain.retry().retries()).isEqualTo(3);
        assertThat(plain.calls().timeout()).hasSeconds(7);
        assertThat(plain.calls().maxInFlight()).isEqualTo(128);
        assertThat(plain.calls().circuitBreaker()).isNotNull();
        assertThat(plain.enabled()).isFalse();
        assertThat(plain.request().batch()).isNotNull();
        Destination own = read.get(1);
        assertThat(own.retry().retries()).isZero();
        assertThat(own.calls().timeout()).hasSeconds(7);
        assertThat(own.calls().rateLimit()).isEqualTo(0.5);
        assertThat(own.calls().circuitBreaker()).isNull();
        assertThat(own.enabled()).isTrue();
        assertThat(own.request().batch()).isNull();
    }

    @Test
    void twoAddressesWithOneUrlNeedIds() {
        assertThat(problems("", "[\"http://127.0.0.1/\", {\"url\": \"http://127.0.0.1\", \"retry\": 1}]"))
                .containsExactly(
                        "callbackAddress[1]: has the URL of $.mqtt_brokers[0].sub_deal_config.callbackAddress[0],"
                                + " with other settings: give one of them an id");
        List<Destination> read = read(
                "",
                "[\"http://127.0.0.1/\", {\"url\": \"http://127.0.0.1/\", \"id\": \"second\", \"name\": \"Second\"}]");
        assertThat(read).extracting(Destination::id).containsExactly("http://127.0.0.1/", "second");
        assertThat(read.get(1).display()).isEqualTo("Second (http://127.0.0.1/)");
        assertThat(read.get(1).label().address()).isEqualTo("Second");
    }

    @Test
    void idsOfARouteDiffer() {
        assertThat(
                        problems(
                                "",
                                "[{\"url\": \"http://127.0.0.1/1\", \"id\": \"x\"}, {\"url\": \"http://127.0.0.1/2\", \"id\": \"x\"}]"))
                .containsExactly("callbackAddress[1]: has the id \"x\", as"
                        + " $.mqtt_brokers[0].sub_deal_config.callbackAddress[0] has: the ids of a route's addresses must"
                        + " differ");
    }

    @Test
    void anIdIsWrittenInTheFileItself() {
        assertThat(problems("", "{\"url\": \"http://127.0.0.1/\", \"id\": \"${env:X:-a}\"}"))
                .containsExactly(
                        "callbackAddress.id: is shown to people and stored in Kafka: must be written here, without"
                                + " ${...}");
        assertThat(problems("", "{\"url\": \"http://127.0.0.1/\", \"id\": \"a b\"}"))
                .hasSize(1);
    }

    @Test
    void aMissingTargetIsNamedWithTheNearest() {
        assertThat(problems("", "\"kafka://lak/topic\""))
                .containsExactly(
                        "callbackAddress: names an entry that targets.kafka does not have: \"lak\", did you mean"
                                + " lake?");
        assertThat(problems("", "\"mqtt://x/topic\""))
                .containsExactly(
                        "callbackAddress: names an entry that targets.mqtt does not have: \"x\", and targets has"
                                + " none of this kind");
        assertThat(read("", "\"kafka://lake/topic\"").get(0).target())
                .isEqualTo(new KafkaTarget("lake", "h:9092", Map.of()));
    }

    @Test
    void onlyADatabaseHasAStatement() {
        assertThat(problems("", "{\"url\": \"http://127.0.0.1/\", \"statement\": \"x\"}"))
                .containsExactly("callbackAddress.statement: does not belong to an address that starts with http://");
        assertThat(read("", "{\"url\": \"jdbc://db\", \"statement\": \"insert\"}")
                        .get(0)
                        .request()
                        .statement())
                .isEqualTo("insert");
    }

    @Test
    void theNearerOfTemplateAndFormatCounts() {
        String template = "\"template\": {\"body\": \"payload\"}";
        assertThat(read(template + ", ", "\"http://127.0.0.1/\"")
                        .get(0)
                        .request()
                        .format())
                .isEqualTo(MessageFormat.TEMPLATE);
        Destination raw = read(template + ", ", "{\"url\": \"http://127.0.0.1/\", \"message_format\": \"raw\"}")
                .get(0);
        assertThat(raw.request().format()).isEqualTo(MessageFormat.RAW);
        assertThat(raw.request().template()).isNull();
        Destination own = read("\"message_format\": \"raw\", ", "{\"url\": \"http://127.0.0.1/\", " + template + "}")
                .get(0);
        assertThat(own.request().format()).isEqualTo(MessageFormat.TEMPLATE);
        assertThat(problems("\"message_format\": \"template\", ", "\"http://127.0.0.1/\""))
                .containsExactly("message_format: needs a template beside it");
    }

    @Test
    void aStatusIsAcceptedOrRejected() {
        assertThat(problems("\"accept_on\": [409, 400], \"reject_on\": [400], ", "\"http://127.0.0.1/\""))
                .containsExactly("reject_on: has [400] in common with accept_on");
        Destination accepting =
                read("\"accept_on\": [400], ", "\"http://127.0.0.1/\"").get(0);
        assertThat(accepting.calls().acceptOn()).containsExactly(400);
        assertThat(accepting.calls().rejectOn()).isEqualTo(Set.of(406, 413, 414, 415, 422, 431));
    }

    @Test
    void oneAddressOfARouteMayReply() {
        String reply = "\"reply\": {\"topics\": [\"r/#\"]}";
        assertThat(problems(
                        "",
                        "[{\"url\": \"http://127.0.0.1/1\", " + reply + "}, {\"url\": \"http://127.0.0.1/2\", " + reply
                                + "}]"))
                .containsExactly(
                        "callbackAddress[1]: has a reply, as"
                                + " $.mqtt_brokers[0].sub_deal_config.callbackAddress[0] has: at most one address of a route may");
    }
}
