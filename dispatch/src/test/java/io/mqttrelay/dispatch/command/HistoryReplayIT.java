package io.mqttrelay.dispatch.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.thread.StopRequest;
import io.mqttrelay.embedded.EmbeddedKafka;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code relay replay --source messages}: history sent again. */
final class HistoryReplayIT extends ReplayScene {
    private final ExecutorService beside = Executors.newCachedThreadPool();

    HistoryReplayIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    @AfterEach
    void end() {
        beside.shutdownNow();
    }

    private void store(int from, int to) {
        for (int i = from; i < to; i++) {
            store(message("id-%03d".formatted(i), "t/" + i % 3));
        }
        producer.flush();
    }

    private Ended history(String... options) {
        String[] all = new String[options.length + 2];
        all[0] = "--source";
        all[1] = "messages";
        System.arraycopy(options, 0, all, 2, options.length);
        return replay(all);
    }

    @Test
    void everyMessageGoesToEveryAddressOfItsRouteAgain() {
        store(0, 10);
        Ended ended = history("--from", "1h", "--json");
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out())
                .contains(
                        "\"source\":\"messages\"",
                        "\"selected\":10",
                        "{\"address\":\"http://127.0.0.1:9/one?***\",\"reason\":null,\"count\":10}",
                        "\"sent\":20",
                        "\"complete\":true");
        assertThat(stored.await(names.replay("app"), 20, PATIENCE)).hasSize(20);
        assertThat(replayed(20)).doesNotHaveDuplicates().contains("id-003 -> " + ONE, "id-003 -> " + TWO);
    }

    @Test
    void aCompletedRunThatIsAskedForAgainSendsAgain() {
        store(0, 3);
        assertThat(history("--from", "1h", "--address", TWO).out()).contains("sent 3 deliveries in run");
        assertThat(history("--from", "1h", "--address", TWO).out())
                .contains("sent 3 deliveries in run")
                .doesNotContain("before it was interrupted");
        assertThat(stored.await(names.replay("app"), 6, PATIENCE)).hasSize(6);
    }

    @Test
    void aStretchOfTimeIsByWhenKafkaGotTheMessage() {
        store(0, 5);
        Instant last = stored.await(names.messages("app"), 5, PATIENCE).stream()
                .map(record -> Instant.ofEpochMilli(record.timestamp()))
                .max(Comparator.naturalOrder())
                .orElseThrow();
        Instant middle = last.plusMillis(1);
        await("a later millisecond").atMost(PATIENCE).until(() -> Instant.now().isAfter(middle.plusMillis(1)));
        store(5, 9);
        assertThat(history("--from", "1h", "--to", middle.toString(), "--json", "--dry-run")
                        .out())
                .contains("\"selected\":5", "\"sent\":0", "\"complete\":true");
        assertThat(history("--from", middle.toString(), "--json").out()).contains("\"selected\":4");
        assertThat(replayed(8)).hasSize(8).allMatch(each -> each.compareTo("id-005") >= 0);
    }

    @Test
    void optionsSelectMessages() {
        store(0, 9);
        assertThat(history("--from", "1h", "--topic", "t/1", "--id", "id-004", "--address", TWO, "--json")
                        .out())
                .contains("\"selected\":1", "\"sent\":1");
        assertThat(replayed(1)).containsExactly("id-004 -> " + TWO);
        assertThat(history("--from", "1h", "--limit", "2", "--json").out()).contains("\"selected\":2");
    }

    @Test
    void skipsExcludedForeignAndUnroutedMessages() throws Exception {
        config = configuration("\"callbackAddress\": \"" + TWO + "\", \"excludeTopics\": [\"t/1\"]");
        store(0, 3);
        store(message("app", "gone", "id-x", "t", new byte[0]));
        write(new ProducerRecord<>(names.messages("app"), "foreign".getBytes(StandardCharsets.UTF_8)));
        assertThat(history("--from", "1h", "--json").out())
                .contains("\"sent\":2", "\"skipped\":{\"undecodable\":1,\"no_route\":1,\"excluded\":1}");
        assertThat(replayed(2)).containsExactlyInAnyOrder("id-000 -> " + TWO, "id-002 -> " + TWO);
    }

    @Test
    void theSameOptionsContinueAnInterruptedRun() throws Exception {
        store(0, 30);
        StopRequest stop = new StopRequest();
        String[] options = {"--app-id", "app", "--source", "messages", "--from", "1h", "--address", TWO, "--rate", "20"
        };
        CompletableFuture<Ended> first = CompletableFuture.supplyAsync(() -> run(stop, "replay", options), beside);
        await().atMost(PATIENCE).until(() -> !replayed().isEmpty());
        stop.request();
        Ended ended = first.get(10, TimeUnit.SECONDS);
        int sent = sent(ended);
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).contains("the same command goes on with the rest");
        assertThat(sent).isBetween(1, 29);

        store(30, 40); // messages that arrive after its begin are not replayed
        Ended second = run("replay", options);
        assertThat(second.code()).as(second.err()).isZero();
        assertThat(second.out())
                .contains("sent " + (30 - sent) + " deliveries (and " + sent + " before it was interrupted)");
        assertThat(stored.await(names.replay("app"), 30, PATIENCE)).hasSize(30);
        assertThat(replayed(30)).hasSize(30).doesNotHaveDuplicates();
        assertThat(stored.all(names.replay("app")))
                .extracting(each -> header(each, "relay-replay"))
                .containsOnly(header(stored.all(names.replay("app")).get(0), "relay-replay"));
    }

    @Test
    void anAppWithoutMessagesHasNothingToSend() {
        Ended ended = history("--from", "1h");
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).isEqualTo("nothing to send\n");
    }
}
