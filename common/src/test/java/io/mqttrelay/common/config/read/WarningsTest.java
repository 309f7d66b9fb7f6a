package io.mqttrelay.common.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Valid settings that are mostly not intended. */
class WarningsTest {
    private static final String SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            file   | "kafka": {"retention": "60d"},            | $.kafka.dead_letter_retention | less time (30d)
            file   | "kafka": {"replication_factor": 1},       | $.kafka.replication_factor    | one copy
            file   | "admin": {"token": "short"},              | $.admin.token                 | guessed
            file   | "admin": {"host": "0.0.0.0"},             | $.admin.host                  | switched off
            file   | "admin": {"ingest_port": 8082},           | $.admin.dispatch_port | one machine
            broker | "session_expiry": "0s",                   | $.mqtt_brokers[0].session_expiry | are lost
            broker | "receive_maximum": 100,                   | $.mqtt_brokers[0].receive_maximum | Mosquitto 2.0.11
            broker | "tls": {"verify_hostname": false}, "broker_port": 8883, | $.mqtt_brokers[0].tls.verify_hostname | pose
            broker | "tls": true,                              | $.mqtt_brokers[0].tls | 8883
            broker | "mqtt_version": 3, "receive_maximum": 7,    | $.mqtt_brokers[0].receive_maximum | no effect with MQTT 3.1.1
            broker | "mqtt_version": 3, "session_expiry": "1h",  | $.mqtt_brokers[0].session_expiry | the broker's own settings
            broker | "username": "${env:EMPTY}",                 | $.mqtt_brokers[0].username | ${env:EMPTY} is empty
            broker | "username": "u-${env:EMPTY}",               | $.mqtt_brokers[0].username | ${env:EMPTY} is empty
            file   | "admin": {"token": "0123456789012345678901234567890123456789${file:empty}"}, | $.admin.token | ${file:empty} is empty
            broker | "shared_group": "g",                      | $.mqtt_brokers[0].sub_deal_config.ordering | any order
            """)
    void eachIsToldWithItsPath(String part, String keys, String path, String what) throws IOException {
        String json = part.equals("file") ? Configs.json(keys, "", "") : Configs.json("", keys, "");
        Files.writeString(folder.resolve("empty"), "\n");
        Files.setPosixFilePermissions(folder.resolve("empty"), PosixFilePermissions.fromString("rw-------"));
        assertThat(Configs.lines(Configs.write(folder, json), Map.of("EMPTY", "")))
                .singleElement()
                .asString()
                .startsWith("warning: " + path)
                .contains(what);
    }

    @Test
    void aReferenceThatMayBeEmptyIsNotWarnedOf() {
        String broker = "\"username\": \"${env:EMPTY:-}\", \"password\": \"${env:MISSING:-}\",";
        assertThat(Configs.lines(Configs.write(folder, Configs.json("", broker, "")), Map.of("EMPTY", "")))
                .isEmpty();
    }

    @Test
    void aMethodThatContradictsTheUrlIsTold() {
        assertThat(onlyWarning(
                        "\"broker_ip\": \"h\"", "\"callbackMethod\": \"https\", \"callbackAddress\": \"http://h/\""))
                .contains("callbackAddress: is called over http, though callbackMethod is HTTPS");
        assertThat(onlyWarning(
                        "\"broker_ip\": \"h\"", "\"callbackMethod\": \"HTTP\", \"callbackAddress\": \"https://h/\""))
                .contains("callbackAddress: is called over https, though callbackMethod is HTTP");
    }

    private String onlyWarning(String broker, String route) {
        String json = "{\"mqtt_brokers\": [{\"client_id\": \"c\", " + broker
                + ", \"sub_deal_config\": {\"app_id\": \"a\", " + "\"subTopic\": {\"topic\": \"t\"}, " + route + "}}]}";
        return String.join("\n", Configs.lines(Configs.write(folder, json), Map.of()));
    }

    @Test
    void theClientSecretInClearIsNotForTheNetwork() {
        String login =
                "\"callbackAddress\": \"https://%sh/\", \"oauth2\": {\"token_url\": \"%s\", \"client_id\": \"c\","
                        + " \"client_secret\": \"hunter2\"}";
        String broker = "\"broker_ip\": \"localhost\"";
        assertThat(onlyWarning(broker, login.formatted("", "http://login/token")))
                .endsWith("callbackAddress: its oauth2.client_secret crosses the network in clear: use https for the"
                        + " token_url");
        assertThat(onlyWarning(broker, login.formatted("", "https://login/token")))
                .isEmpty();
        assertThat(onlyWarning(broker, login.formatted("u:p@", "http://127.0.0.1/token")))
                .endsWith("has an Authorization header, or a login in its URL, that the token of oauth2 replaces");
    }

    @Test
    void thePasswordInClearIsNotForTheNetwork() {
        String callback = "\"callbackAddress\": \"http://h/\"";
        String login = ", \"username\": \"u\", \"password\": \"p\"";
        assertThat(onlyWarning("\"broker_ip\": \"10.0.0.1\"" + login, callback))
                .isEqualTo("warning: $.mqtt_brokers[0].password: crosses the network in clear: switch tls on");
        assertThat(onlyWarning("\"broker_ip\": \"localhost\"" + login, callback))
                .isEmpty();
        assertThat(onlyWarning("\"broker_ip\": \"h\", \"broker_port\": 8883, \"tls\": true" + login, callback))
                .isEmpty();
    }

    @Test
    void secretsOfCallbacksAreNotForPlainHttp() {
        String broker = "\"broker_ip\": \"h\"";
        String signed = ", \"signing_secrets\": [\"" + SECRET + "\"]";
        assertThat(onlyWarning(broker, "\"callbackAddress\": \"http://h/\"" + signed))
                .startsWith("warning: $.mqtt_brokers[0].sub_deal_config.callbackAddress: signed, but over plain http");
        assertThat(onlyWarning(broker, "\"callbackAddress\": \"https://h/\"" + signed))
                .isEmpty();
        assertThat(onlyWarning(broker, "\"callbackAddress\": \"http://127.0.0.1:1/\"" + signed))
                .isEmpty();
        assertThat(onlyWarning(broker, "\"callbackAddress\": \"http://h/\", \"headers\": {\"authorization\": \"x\"}"))
                .contains("its Authorization header crosses the network in clear");
    }

    @Test
    void theOriginalsMisspeltKeyIsRead() {
        assertThat(onlyWarning("\"broker_ip\": \"h\"", "\"callbaccallbackAddress\": [\"http://h/\"]"))
                .isEqualTo("warning: $.mqtt_brokers[0].sub_deal_config.callbaccallbackAddress: is misspelt, write"
                        + " callbackAddress");
    }

    @Test
    void aRepeatedAddressIsTold() {
        assertThat(onlyWarning("\"broker_ip\": \"h\"", "\"callbackAddress\": [\"http://h/\", \"http://h/\"]"))
                .isEqualTo(
                        "warning: $.mqtt_brokers[0].sub_deal_config.callbackAddress[1]: is listed twice, counts once");
    }

    @Test
    void aFormatThatABatchDoesNotHaveIsTold() {
        String broker = "\"broker_ip\": \"h\"";
        String batch = "\"callbackAddress\": \"http://h/\", \"batch\": {}";
        assertThat(onlyWarning(broker, batch + ", \"message_format\": \"raw\""))
                .isEqualTo("warning: $.mqtt_brokers[0].sub_deal_config.message_format: has no effect beside batch: a"
                        + " batch is an array of envelopes");
        assertThat(onlyWarning(broker, batch)).isEmpty();
        assertThat(onlyWarning(broker, batch + ", \"message_format\": \"envelope\""))
                .isEmpty();
    }

    @Test
    void anExcludeThatCannotMatchIsTold() {
        String route = "\"callbackAddress\": \"http://h/\", \"excludeTopics\": [\"x/\", \"t\", \"regex:x\"]";
        assertThat(onlyWarning("\"broker_ip\": \"h\"", route))
                .isEqualTo(
                        "warning: $.mqtt_brokers[0].sub_deal_config.excludeTopics[0]: excludes nothing: no subTopic can"
                                + " bring such a message");
    }
}
