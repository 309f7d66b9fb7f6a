package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.faults.mutant.Mutant;
import io.mqttrelay.testkit.net.TcpProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A wrong file: the service reports the error, changes nothing, and ends at once. */
@Tag("every-change")
final class ConfigurationFaultIT {
    private static final int LEAST = 40;

    @TempDir
    Path folder;

    /** @param said part of the error message */
    private record Wrong(String where, String keys, String said) {}

    private static Stream<Wrong> everyKind() {
        return Stream.of(
                new Wrong("whole", "", "is empty"),
                new Wrong("whole", "[]", "$: must be an object"),
                new Wrong("whole", "{", "not valid JSON"),
                new Wrong("whole", "{}", "$.mqtt_brokers: is required"),
                new Wrong("whole", "{\"mqtt_brokers\": []}", "at least 1"),
                new Wrong("file", "\"nonsense\": 1", "$.nonsense"),
                new Wrong("file", "\"kafka\": {\"partitions\": 0}", "$.kafka.partitions"),
                new Wrong("file", "\"kafka\": {\"replication_factor\": -1}", "$.kafka.replication_factor"),
                new Wrong("file", "\"kafka\": {\"retention\": \"soon\"}", "$.kafka.retention"),
                new Wrong("file", "\"kafka\": {\"topic_prefix\": \"a b\"}", "$.kafka.topic_prefix"),
                new Wrong("file", "\"kafka\": {\"producer\": {\"acks\": \"1\"}}", "acks"),
                new Wrong("file", "\"kafka\": {\"producer\": {\"retries\": 0}}", "retries"),
                new Wrong(
                        "file", "\"kafka\": {\"consumer\": {\"auto.offset.reset\": \"latest\"}}", "auto.offset.reset"),
                new Wrong("file", "\"kafka\": {\"consumer\": {\"enable.auto.commit\": true}}", "enable.auto.commit"),
                new Wrong("file", "\"kafka\": {\"consumer\": {\"group.protocol\": \"consumer\"}}", "group.protocol"),
                new Wrong("file", "\"kafka\": {\"properties\": {\"sesion.timeout\": 1}}", "did you mean"),
                new Wrong("file", "\"ingest\": {\"max_unacked\": \"much\"}", "$.ingest.max_unacked"),
                new Wrong("file", "\"dispatch\": {\"max_in_flight\": 0}", "$.dispatch.max_in_flight"),
                new Wrong("file", "\"dispatch\": {\"max_buffered\": -1}", "$.dispatch.max_buffered"),
                new Wrong("file", "\"dispatch\": {\"group_id\": \"\"}", "$.dispatch.group_id"),
                new Wrong("file", "\"shutdown_grace\": 10", "$.shutdown_grace"),
                new Wrong("file", "\"admin\": {\"ingest_port\": 70000}", "$.admin.ingest_port"),
                new Wrong("file", "\"log_config\": {\"level\": \"loud\"}", "$.log_config.level"),
                new Wrong("broker", "\"broker_port\": 0", "broker_port"),
                new Wrong("broker", "\"mqtt_version\": 4", "mqtt_version"),
                new Wrong("broker", "\"alive\": -1", "alive"),
                new Wrong("broker", "\"session_expiry\": \"long\"", "session_expiry"),
                new Wrong("broker", "\"receive_maximum\": 70000", "receive_maximum"),
                new Wrong("broker", "\"retained\": \"maybe\"", "retained"),
                new Wrong("broker", "\"tls\": {\"ca_file\": \"/no/such/file\"}", "ca_file"),
                new Wrong("broker", "\"password\": \"${env:NO_SUCH_VARIABLE}\"", "NO_SUCH_VARIABLE"),
                new Wrong("broker", "\"password\": \"${file:/no/such/file}\"", "/no/such/file"),
                new Wrong("route", "\"retry\": -1", "retry"),
                new Wrong("route", "\"timeout\": \"0s\"", "timeout"),
                new Wrong("route", "\"ordering\": \"sometimes\"", "ordering"),
                new Wrong("route", "\"message_format\": \"xml\"", "message_format"),
                new Wrong("route", "\"callbackMethod\": \"FTP\"", "callbackMethod"),
                new Wrong("route", "\"headers\": {\"host\": \"x\"}", "host"),
                new Wrong("route", "\"signing_secrets\": [\"whsec_!\"]", "signing_secrets"),
                new Wrong("route", "\"excludeTopics\": [\"regex:(\"]", "excludeTopics"),
                new Wrong("route", "\"max_in_flight\": 0", "max_in_flight"),
                new Wrong("route", "\"rate_limit\": 0", "rate_limit"),
                new Wrong("route", "\"batch\": {\"max_messages\": 0}", "max_messages"),
                new Wrong("route", "\"circuit_breaker\": {\"failure_rate\": 200}", "failure_rate"),
                new Wrong("route", "\"reject_on\": [99]", "reject_on"),
                new Wrong("address", "\"http://127.0.0.1:99999/\"", "callbackAddress"),
                new Wrong("address", "\"ftp://127.0.0.1/\"", "callbackAddress"),
                new Wrong("filter", "{\"topic\": \"a/#/b\", \"qos\": 1}", "subTopic"),
                new Wrong("filter", "{\"topic\": \"a/#\", \"qos\": 3}", "qos"),
                new Wrong("filter", "[{\"topic\": \"a/#\", \"qos\": 1}, {\"topic\": \"a/+\", \"qos\": 1}]", "overlap"));
    }

    @Test
    void f49WrongFilesAreRefusedBeforeAnythingIsTouched() throws IOException {
        List<String> wrong = new ArrayList<>();
        long slowest = 0;
        int kinds = 0;
        try (TcpProxy mqtt = TcpProxy.to(1);
                TcpProxy kafka = TcpProxy.to(1)) {
            for (Wrong each : everyKind().toList()) {
                kinds++;
                String command = kinds % 2 == 0 ? "ingest" : "dispatch";
                Path file = Files.writeString(folder.resolve(kinds + ".json"), file(each, mqtt.port(), kafka.port()));
                long begin = System.nanoTime();
                RelayCommand.Ended ended = RelayCommand.run(folder, command, "--config", file.toString());
                slowest = Math.max(slowest, System.nanoTime() - begin);
                boolean told = ended.printed().contains(file.toString())
                        && ended.printed().contains(each.said());
                if (ended.code() != 2 || !told) {
                    wrong.add(each + " ended with " + ended);
                }
            }
            assertThat(mqtt.acceptedConnections() + kafka.acceptedConnections())
                    .as("connections made")
                    .isZero();
        }
        Result result = new Result("F49", Mutant.NONE);
        result.figure("kinds", kinds);
        result.figure("slowest in ms", slowest / 1_000_000);
        result.write(wrong.isEmpty());
        assertThat(wrong).isEmpty();
        assertThat(kinds).isGreaterThanOrEqualTo(LEAST);
        assertThat(slowest).isLessThan(5_000_000_000L);
    }

    private static String file(Wrong wrong, int mqttPort, int kafkaPort) {
        if (wrong.where().equals("whole")) {
            return wrong.keys();
        }
        return """
                {"mqtt_brokers": [{%s"client_id": "c", "broker_ip": "127.0.0.1"%s,
                   "sub_deal_config": {%s"app_id": "a", "subTopic": %s, "callbackAddress": %s}}]%s%s}
                """.formatted(
                        keys(wrong, "broker"),
                        wrong.keys().contains("broker_port") ? "" : ", \"broker_port\": " + mqttPort,
                        keys(wrong, "route"),
                        wrong.where().equals("filter") ? wrong.keys() : "{\"topic\": \"a/#\", \"qos\": 1}",
                        wrong.where().equals("address") ? wrong.keys() : "\"http://127.0.0.1:1/\"",
                        wrong.keys().contains("\"kafka\"")
                                ? ""
                                : ", \"kafka\": {\"bootstrap_servers\": \"127.0.0.1:" + kafkaPort + "\"}",
                        wrong.where().equals("file") ? ", " + wrong.keys() : "");
    }

    private static String keys(Wrong wrong, String where) {
        return wrong.where().equals(where) ? wrong.keys() + ", " : "";
    }
}
