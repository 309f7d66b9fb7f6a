package io.mqttrelay.dispatch.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.cli.Cli;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code relay explain} as it is typed. */
class ExplainCommandTest {
    private static final String CONFIG = """
            {"mqtt_brokers": [
              {"client_id": "plant", "broker_ip": "127.0.0.1", "sub_deal_config": {
                "app_id": "a.1", "app_name": "Plant", "ordering": "app", "retry": 2, "timeout": "3s",
                "callbackAddress": [
                  {"url": "https://us:p4ssw0rd@one.example/in?token=t0ken", "headers": {"X-Key": "k3yk3y"},
                   "signing_secrets": ["whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="]},
                  "http://127.0.0.1:9/two"],
                "subTopic": [{"topic": "plant/+/t", "qos": 1}, {"topic": "alarm/#", "qos": 2}],
                "excludeTopics": ["plant/9/t", "alarm/test/", "regex:/quiet/"]}},
              {"client_id": "all", "broker_ip": "127.0.0.1", "sub_deal_config": {
                "app_id": "all", "enabled": false, "callbackAddress": "http://127.0.0.1:9/all", "message_format": "envelope",
                "subTopic": {"topic": "#", "qos": 0}}}
            ]}
            """;

    @TempDir
    Path dir;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path config;

    @BeforeEach
    void write() throws IOException {
        config = Files.writeString(dir.resolve("relay.json"), CONFIG);
    }

    private int explain(String... options) {
        List<String> args = new ArrayList<>(List.of("explain", "--config", config.toString()));
        args.addAll(List.of(options));
        return Cli.run(
                args.toArray(new String[0]),
                List.of(new ExplainCommand()),
                new PrintWriter(out, true),
                new PrintWriter(err, true));
    }

    private String payload(String text) throws IOException {
        return Files.writeString(dir.resolve("payload"), text).toString();
    }

    @Test
    void aSecretPartOfAPathIsNotShown() throws IOException {
        Files.writeString(dir.resolve("token"), "hunter2-hunter2");
        Files.writeString(config, CONFIG.replace("http://127.0.0.1:9/two", "http://127.0.0.1:9/two/${file:token}/x"));
        assertThat(explain("--topic", "plant/1/t")).isZero();
        assertThat(out.toString()).contains("POST http://127.0.0.1:9/two/***/x").doesNotContain("hunter2");
    }

    @Test
    void aMessageThatIsTakenIsShownAsItsCallbacksWouldGetIt() throws IOException {
        assertThat(explain("--topic", "plant/ü 1/t", "--payload-file", payload("{\"t\":21.5}"), "--qos", "2"))
                .isZero();
        assertThat(out.toString())
                .contains(
                        "App a.1, route plant: takes it",
                        "filter      plant/+/t (qos 1)",
                        "Kafka topic relay.a_2E1\n",
                        "Kafka key   a.1\n",
                        "to https://one.example/in, at most 3 attempts of 3 s",
                        "POST https://one.example/in?***\n",
                        "host: one.example\n",
                        "content-type: application/json\n",
                        "content-length: 10\n",
                        "X-Key: ***\n",
                        "Authorization: ***\n",
                        "relay-app-id: a.1\n",
                        "relay-client-id: plant\n",
                        "relay-topic: plant/%C3%BC%201/t\n",
                        "relay-qos: 1\n",
                        "relay-attempt: 1\n",
                        "\n    {\"t\":21.5}\n",
                        "POST http://127.0.0.1:9/two\n",
                        "host: 127.0.0.1:9\n",
                        "App all, route all: would take it, but is disabled",
                        "Delivered by 1 of 2 routes.")
                .doesNotContain("p4ssw0rd", "t0ken", "k3yk3y", "AAECAwQF");
    }

    @Test
    void theSignatureIsThatOfTheShownRequest() throws Exception {
        assertThat(explain("--topic", "plant/1/t", "--payload", "p")).isZero();
        String signed = header("webhook-id") + "." + header("webhook-timestamp") + ".p";
        byte[] key = new byte[32]; // of signing_secrets
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) i;
        }
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        String signature = Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        assertThat(header("webhook-signature")).isEqualTo("v1," + signature);
    }

    /** The value of a header of the first request. */
    private String header(String name) {
        return out.toString()
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith(name + ": "))
                .findFirst()
                .orElseThrow()
                .substring(name.length() + 2);
    }

    @Test
    void anEnvelopeIsShownWhole() throws IOException {
        config = Files.writeString(dir.resolve("enabled.json"), CONFIG.replace("\"enabled\": false, ", ""));
        assertThat(explain("--topic", "x", "--payload-file", payload("hi"))).isZero();
        assertThat(out.toString())
                .contains(
                        "App a.1, route plant: does not take it, no filter matches",
                        "filters     plant/+/t (qos 1), alarm/# (qos 2)",
                        "Kafka key   all/x\n",
                        "\"topic\":\"x\",\"qos\":0,\"retain\":false",
                        "\"body\":\"hi\"}");
    }

    @Test
    void aPayloadMayBeTyped() {
        assertThat(explain("--topic", "plant/1/t", "--payload", "{\"t\":\"ü\"}"))
                .isZero();
        assertThat(out.toString())
                .contains("with a payload of 10 bytes:", "content-length: 10\n", "\n    {\"t\":\"ü\"}\n");
    }

    @Test
    void anEmptyPayloadMayBeTyped() {
        assertThat(explain("--topic", "plant/1/t", "--payload", "")).isZero();
        assertThat(out.toString()).contains("with a payload of 0 bytes:");
    }

    @Test
    void userPropertiesAreShownInTheEnvelope() throws IOException {
        config = Files.writeString(dir.resolve("enabled.json"), CONFIG.replace("\"enabled\": false, ", ""));
        assertThat(explain("--topic", "x", "--property", "a=1", "--property", "a=2=3", "--property", "="))
                .isZero();
        assertThat(out.toString())
                .contains("with a payload of 0 bytes and 3 user properties:", "\"a\"", "\"1\"", "\"2=3\"");
    }

    @Test
    void traceContextIsTakenFromUserProperties() {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        assertThat(explain("--topic", "plant/1/t", "--property", "traceparent=" + trace))
                .isZero();
        assertThat(out.toString()).contains("and 1 user property:", "traceparent: " + trace + "\n");
    }

    @Test
    void aRouteWithMqtt3GetsNoUserProperties() throws IOException {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        Files.writeString(
                config, CONFIG.replace("\"client_id\": \"plant\",", "\"client_id\": \"plant\", \"mqtt_version\": 3,"));
        assertThat(explain("--topic", "plant/1/t", "--property", "traceparent=" + trace))
                .isZero();
        assertThat(out.toString()).contains("POST").doesNotContain("traceparent");
    }

    @Test
    void aPropertyWithoutValueIsBadUsage() {
        assertThat(explain("--topic", "a", "--property", "name")).isEqualTo(2);
        assertThat(err.toString()).contains("--property must be NAME=VALUE, was 'name'");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aPropertyThatMqttDoesNotAllowIsBadUsage() {
        assertThat(explain("--topic", "a", "--property", "n=a\0b")).isEqualTo(2);
        assertThat(err.toString()).contains("--property must not contain U+0000");
        assertThat(explain("--topic", "a", "--property", "n=" + "v".repeat(65_536)))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--property has a name or value of 65536 bytes, MQTT allows 65535");
    }

    @Test
    void twoPayloadsAreBadUsage() throws IOException {
        assertThat(explain("--topic", "a", "--payload", "x", "--payload-file", payload("y")))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--payload and --payload-file exclude each other");
    }

    @Test
    void aCloudEventIsShownWithItsAttributes() throws IOException {
        config = Files.writeString(
                dir.resolve("events.json"), CONFIG.replace("\"retry\": 2", "\"message_format\": \"cloudevents\""));
        assertThat(explain("--topic", "plant/ü \"1\"/t", "--payload-file", payload("21.5")))
                .isZero();
        assertThat(out.toString())
                .contains(
                        "content-type: application/json\n",
                        "ce-specversion: 1.0\n",
                        "ce-type: mqtt.message\n",
                        "ce-source: mqtt://plant\n",
                        "ce-subject: plant/%C3%BC%20%221%22/t\n",
                        "\n    21.5\n");
    }

    @ParameterizedTest
    @CsvSource({"plant/9/t, plant/9/t", "alarm/test/1, alarm/test/", "alarm/quiet/2, regex:/quiet/"})
    void theRuleThatExcludesAMessageIsNamed(String topic, String rule) {
        assertThat(explain("--topic", topic)).isZero();
        assertThat(out.toString())
                .contains("stores it and does not deliver it", "excluded by " + rule + "\n", "Kafka topic relay.a_2E1")
                .contains("Nothing is delivered: none of 2 routes takes this message to a callback.")
                .doesNotContain("POST");
    }

    @Test
    void aMessageThatNothingTakesIsNoError() {
        assertThat(explain("--topic", "$SYS/broker/uptime")).isZero();
        assertThat(out.toString()).contains("Nothing is delivered").doesNotContain("POST");
        assertThat(err.toString()).doesNotContain("explain:");
    }

    @Test
    void aPayloadThatIsNoTextIsShownInBase64() throws IOException {
        Path file = Files.write(dir.resolve("binary"), new byte[] {0, 27, '[', '2', 'J', (byte) 0xFF});
        assertThat(explain("--topic", "alarm/1", "--payload-file", file.toString()))
                .isZero();
        assertThat(out.toString()).contains("ABtbMkr/").doesNotContain("\u001b");
    }

    @Test
    void aTopicCannotForgeALine() {
        assertThat(explain("--topic", "alarm/\r\n\u001b[2JDelivered")).isZero();
        assertThat(out.toString())
                .contains("alarm/\\u000D\\u000A\\u001B[2JDelivered")
                .doesNotContain("\u001b", "\r");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/+", "a/#", "#", "$share/g/a", "a\0b"})
    void aTopicThatCannotBePublishedToIsBadUsage(String topic) {
        assertThat(explain("--topic", topic)).isEqualTo(2);
        assertThat(err.toString()).contains("--topic");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aTopicLongerThanMqttAllowsIsBadUsage() {
        assertThat(explain("--topic", "é".repeat(32_768))).isEqualTo(2);
        assertThat(err.toString()).contains("--topic has 65536 bytes, MQTT allows 65535");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "3", "x", "1.0", ""})
    void aQosThatIsNoneIsBadUsage(String qos) {
        assertThat(explain("--topic", "a", "--qos", qos)).isEqualTo(2);
        assertThat(err.toString()).contains("--qos");
    }

    @Test
    void aPayloadFileThatIsNotThereIsBadUsage() {
        assertThat(explain("--topic", "a", "--payload-file", dir.resolve("none").toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("none does not exist");
        assertThat(explain("--topic", "a", "--payload-file", dir.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("is not a file");
    }

    @Test
    void aBadConfigurationIsReportedAndNothingExplained() throws IOException {
        Files.writeString(config, "{\"mqtt_brokers\": []}");
        assertThat(explain("--topic", "a")).isEqualTo(2);
        assertThat(err.toString()).contains("relay.json: $.mqtt_brokers");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void theTopicIsRequired() {
        assertThat(explain()).isEqualTo(2);
        assertThat(err.toString()).contains("--topic");
    }

    @Test
    void theOutputIsUtf8() {
        assertThat(explain("--topic", "alarm/温度")).isZero();
        assertThat(out.toString().getBytes(StandardCharsets.UTF_8)).contains("温度".getBytes(StandardCharsets.UTF_8));
    }
}
