package io.mqttrelay.common.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The length of strings that ingest derives from the configuration: MQTT allows 65,535 bytes. */
class MqttStringsTest {
    @TempDir
    private Path folder;

    private List<String> problems(String clientId, String group, String topic) {
        String json = "{\"mqtt_brokers\": [{\"client_id\": \"" + clientId + "\", \"broker_ip\": \"127.0.0.1\"," + group
                + " \"sub_deal_config\": {\"app_id\": \"a\", \"callbackAddress\": \"http://127.0.0.1/\","
                + " \"ordering\": \"none\", \"subTopic\": {\"topic\": \"" + topic + "\"}}}]}";
        return Configs.lines(Configs.write(folder, json), Map.of());
    }

    @Test
    void aSharedFilterIsCheckedWithItsGroup() {
        String group = " \"shared_group\": \"g\",";
        assertThat(problems("c", group, "t".repeat(65_535 - "$share/g/".length())))
                .isEmpty();
        assertThat(problems("c", group, "t".repeat(65_536 - "$share/g/".length())))
                .containsExactly(
                        "$.mqtt_brokers[0].sub_deal_config.subTopic.topic: is too long: with shared_group it has"
                                + " more than 65535 bytes");
        assertThat(problems("c", "", "t".repeat(65_535))).isEmpty();
    }

    @Test
    void aClientIdInAGroupLeavesBytesForTheInstance() {
        String group = " \"shared_group\": \"g\",";
        assertThat(problems("é".repeat(32_639), group, "t")).isEmpty();
        assertThat(problems("é".repeat(32_640), group, "t"))
                .containsExactly(
                        "$.mqtt_brokers[0].sub_deal_config.app_id: makes a client id of more than 65279 bytes");
        assertThat(problems("é".repeat(32_640), "", "t")).isEmpty();
    }

    @Test
    void theClientIdOfOneOfSeveralRoutesIsCountedInBytes() {
        String route =
                "{\"app_id\": \"%s\", \"callbackAddress\": \"http://127.0.0.1/\", \"subTopic\": {\"topic\": \"t\"}}";
        String json = "{\"mqtt_brokers\": [{\"client_id\": \"" + "é".repeat(32_766)
                + "\", \"broker_ip\": \"127.0.0.1\"," + " \"sub_deal_config\": [" + String.format(route, "a") + ", "
                + String.format(route, "abc") + "]}]}";
        assertThat(Configs.lines(Configs.write(folder, json), Map.of()))
                .containsExactly(
                        "$.mqtt_brokers[0].sub_deal_config[1].app_id: makes a client id of more than 65535 bytes");
    }
}
