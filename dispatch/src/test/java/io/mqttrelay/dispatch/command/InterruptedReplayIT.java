package io.mqttrelay.dispatch.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.common.thread.StopRequest;
import io.mqttrelay.embedded.EmbeddedKafka;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A replay that is interrupted: sent messages stay sent, and the next run sends the rest, each once. */
final class InterruptedReplayIT extends ReplayScene {
    private static final int COUNT = 40;

    private final ExecutorService beside = Executors.newCachedThreadPool();

    InterruptedReplayIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    @AfterEach
    void end() {
        beside.shutdownNow();
    }

    private void many() {
        some(0, COUNT);
    }

    private void some(int from, int to) {
        for (int i = from; i < to; i++) {
            die("id-%03d".formatted(i), "t/" + i, DeadReason.RETRIES_EXHAUSTED, ONE);
        }
        producer.flush();
    }

    private void awaitSome() {
        await().atMost(PATIENCE).until(() -> !replayed().isEmpty());
    }

    private void assertEachWasSentOnce() {
        assertThat(stored.await(names.replay("app"), COUNT, PATIENCE)).hasSize(COUNT);
        assertThat(replayed(COUNT)).hasSize(COUNT).doesNotHaveDuplicates();
        awaitOpen(0);
    }

    @Test
    void oneThatIsAskedToEndSaysHowFarItCame() throws Exception {
        many();
        StopRequest stop = new StopRequest();
        CompletableFuture<Ended> first =
                CompletableFuture.supplyAsync(() -> run(stop, "replay", "--app-id", "app", "--rate", "20"), beside);
        awaitSome();
        stop.request();
        Ended ended = first.get(10, TimeUnit.SECONDS);

        int sent = sent(ended);
        assertThat(sent).isBetween(1, COUNT - 1);
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).contains("sent " + sent + " deliver", "; the same command goes on with the rest");
        assertThat(replay("--json").out()).contains("\"sent\":" + (COUNT - sent));
        assertEachWasSentOnce();
    }

    @Test
    void theNextRunSendsUncommittedAndLaterEntries() {
        some(0, COUNT / 2);
        KafkaProducer<byte[], byte[]> killed = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", names.replay("app")),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        killed.initTransactions();
        killed.beginTransaction();
        for (int i = 0; i < COUNT / 2; i++) {
            byte[] key = "id-%03d|%s".formatted(i, ONE).getBytes(StandardCharsets.UTF_8);
            var unused = killed.send(new ProducerRecord<>(names.replay("app"), key, key));
            var unusedToo = killed.send(new ProducerRecord<>(names.dead("app"), key, null));
        }
        killed.flush();
        some(COUNT / 2, COUNT); // after an open transaction, which hides it until it ends
        try {
            Ended ended = replay("--json");
            assertThat(ended.code()).as(ended.err()).isZero();
            assertThat(ended.out()).contains("\"sent\":" + COUNT);
            assertEachWasSentOnce();
        } finally {
            killed.close(Duration.ZERO);
        }
    }

    @Test
    void aProcessThatIsKilledHalfWayIsGoneOnWith() throws Exception {
        many();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.mqttrelay.dispatch.Main",
                        "replay",
                        "--config",
                        config.toString(),
                        "--app-id",
                        "app",
                        "--rate",
                        "8")
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("killed.out").toFile())
                .start();
        try {
            awaitSome();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor()).isNotZero();
        assertThat(replay().code()).isZero();
        assertEachWasSentOnce();
    }

    @Test
    void aSecondRunEndsTheFirst() throws Exception {
        many();
        CompletableFuture<Ended> first = CompletableFuture.supplyAsync(() -> replay("--rate", "8"), beside);
        awaitSome();
        assertThat(replay().code()).isZero();

        Ended ended = first.get(30, TimeUnit.SECONDS);
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .endsWith("\nrelay replay: failed: another replay of this app has begun, so this one ends here\n")
                .startsWith("warning: no relay dispatch is running (group relay-dispatch has no member)");
        assertEachWasSentOnce();
    }

    @Test
    void itKeepsToTheRate() {
        many();
        long began = System.nanoTime();
        assertThat(replay("--rate", "40", "--limit", "30").code()).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(600));
        assertThat(replayed(30)).hasSize(30);
    }
}
