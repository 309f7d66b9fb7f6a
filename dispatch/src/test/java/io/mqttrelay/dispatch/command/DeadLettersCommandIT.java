package io.mqttrelay.dispatch.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.record.DeadLetter;
import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.embedded.EmbeddedKafka;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code relay dead-letters} as it is typed. */
final class DeadLettersCommandIT extends ReplayScene {
    private static final long NOON = Instant.parse("2026-11-22T12:00:00Z").toEpochMilli();

    DeadLettersCommandIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void some() {
        die(message("id-3", "b/c"), new DeadLetter(DeadReason.REJECTED, TWO, 1, 400, "HTTP 400: no", NOON + 2000));
        die(message("id-1", "a/b"), DeadReason.RETRIES_EXHAUSTED, ONE, NOON);
        die(message("id-2", "a/c"), DeadReason.REJECTED, ONE, NOON + 1000);
        die(message("other", "otherroute", "id-4", "x", bytes("p")), DeadReason.NO_ROUTE, null, NOON + 3000);
    }

    @Test
    void everyAppsOpenFailuresAreListedTheOldestFirst() {
        some();
        Ended ended = run("dead-letters");
        assertThat(ended.code()).isZero();
        assertThat(ended.err()).isEmpty();
        List<String> lines = ended.out().lines().toList();
        assertThat(lines.get(0)).startsWith("DEAD SINCE").contains("APP", "TOPIC", "ADDRESS", "REASON", "ERROR");
        assertThat(lines.get(1).split(" +", 9))
                .containsExactly(
                        "2026-11-22T12:00:00Z",
                        "app",
                        "a/b",
                        "http://127.0.0.1:9/one?***",
                        "retries_exhausted",
                        "503",
                        "6",
                        "id-1",
                        "HTTP 503: no");
        assertThat(lines.subList(1, 5))
                .extracting(line -> line.replaceAll(".*(id-\\d).*", "$1"))
                .containsExactly("id-1", "id-2", "id-3", "id-4");
        assertThat(lines.get(6)).isEqualTo("4 dead letters; app: rejected 2, retries_exhausted 1; other: no_route 1");
        assertThat(ended.out()).doesNotContain("t0ken", "p4ss");
    }

    @Test
    void theListMayBeNamed() {
        some();
        assertThat(run("dead-letters", "list", "--app-id", "other"))
                .isEqualTo(run("dead-letters", "--app-id", "other"));
    }

    @Test
    void noDeadLettersAreNoError() {
        assertThat(run("dead-letters")).isEqualTo(new Ended(0, "no dead letters\n", ""));
        assertThat(run("dead-letters", "--json")).isEqualTo(new Ended(0, "", ""));
    }

    @Test
    void theLastRecordOfAKeyCountsAndAnEmptyOneRemoves() {
        die("id-1", "a", DeadReason.REJECTED, ONE);
        die("id-1", "a", DeadReason.EXPIRED, ONE);
        die("id-2", "a", DeadReason.REJECTED, ONE);
        write(new ProducerRecord<>(names.dead("app"), bytes("id-2|" + ONE), null));
        assertThat(run("dead-letters").out()).contains("1 dead letter; app: expired 1");
        assertThat(run("dead-letters", "--reason", "rejected").out()).isEqualTo("no dead letters\n");
    }

    @Test
    void jsonIsOneObjectALineAndNothingElse() {
        some();
        List<String> lines = run("dead-letters", "--json").out().lines().toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0))
                .isEqualTo("{\"id\":\"id-1\",\"app_id\":\"app\",\"client_id\":\"route\",\"topic\":\"a/b\","
                        + "\"address\":\"http://127.0.0.1:9/one?***\",\"reason\":\"retries_exhausted\",\"status\":503,"
                        + "\"attempts\":6,\"error\":\"HTTP 503: no\",\"dead_at\":\"2026-11-22T12:00:00Z\","
                        + "\"received_at\":\"1970-01-01T00:00:00.005Z\",\"origin\":\"" + names.messages("app")
                        + "-0@7\",\"payload_size\":4}");
        assertThat(lines.get(3)).contains("\"address\":null", "\"app_id\":\"other\"");
    }

    @ParameterizedTest
    @CsvSource({
        "--app-id app, id-1 id-2 id-3",
        "--app-id other, id-4",
        "--address http://127.0.0.1:9/one?***, id-1 id-2",
        "--address http://127.0.0.1:9/two, id-3",
        "--address http://127.0.0.1:9, id-1 id-2 id-3",
        "--reason rejected, id-2 id-3",
        "--reason NO_ROUTE, id-4",
        "--status 400, id-3",
        "--status 503 --app-id app, id-1 id-2",
        "--status 404, ''",
        "--topic a/+, id-1 id-2",
        "--topic #, id-1 id-2 id-3 id-4",
        "--id id-3, id-3",
        "--from 2026-11-22T12:00:01Z, id-2 id-3 id-4",
        "--to 2026-11-22T12:00:01Z, id-1",
        "--from 2026-11-22T12:00:01Z --to 2026-11-22T12:00:03Z, id-2 id-3",
        "--limit 2, id-1 id-2",
        "--reason rejected --topic b/#, id-3",
        "--id nothing, ''",
    })
    void optionsSelect(String options, String ids) {
        some();
        Ended ended = run("dead-letters", (options + " --json").split(" "));
        assertThat(ended.err()).isEmpty();
        assertThat(ended.out().lines().map(line -> line.replaceAll(".*\"id\":\"([^\"]*)\".*", "$1")))
                .containsExactly(ids.isEmpty() ? new String[0] : ids.split(" "));
    }

    @Test
    void foreignRecordsAreListedInOneLine() {
        ProducerRecord<byte[], byte[]> foreign =
                new ProducerRecord<>(names.dead("app"), bytes("x\r\n\u001b[2J|"), bytes("?"));
        foreign.headers().add("relay-dead-error", bytes("a\nb")).add("relay-dead-at", bytes("soon"));
        write(foreign);
        Ended ended = run("dead-letters");
        assertThat(ended.code()).isZero();
        assertThat(ended.out())
                .contains("x\\u000D\\u000A\\u001B[2J", "a?b", "app: unknown 1")
                .doesNotContain("\u001b");
        assertThat(run("dead-letters", "--json").out())
                .contains("\"reason\":null")
                .hasLineCount(1);
    }

    @Test
    void anAppWithoutTopicsHasNoDeadLetters() throws Exception {
        Files.writeString(config, Files.readString(config).replace(prefix, prefix + "-none"));
        assertThat(run("dead-letters")).isEqualTo(new Ended(0, "no dead letters\n", ""));
    }
}
