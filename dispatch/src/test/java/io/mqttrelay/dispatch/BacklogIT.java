package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.http.Answer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** More messages than fit into memory: the bound holds, and Kafka deletes some of them meanwhile. */
final class BacklogIT extends DispatchScene {
    private static final int KB = 1024;

    BacklogIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    @Test
    void aSlowCallbackCausesNoRebalanceAndBoundedMemory() {
        callback.on("/slow", Answer.after(Duration.ofSeconds(2), Answer.status(200)));
        // a tenth of the default, so that a consumer that waits for a callback would fail
        DispatcherUnderTest dispatcher = started(settings()
                .consumer("max.poll.interval.ms", "3000")
                .maxBuffered(1024 * KB)
                .route(TestRoute.of("r", "app", callback.url("/slow")).maxInFlight(50))
                .grace(Duration.ofSeconds(5)));
        for (int i = 0; i < 4000; i++) {
            records.write("app", "r", "t/" + i);
        }
        records.flush();

        callback.await("/slow", 200, PATIENCE);
        assertThat(dispatcher.get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(dispatcher.meter("relay_dispatch_lag", "app")).isGreaterThan(3000);
        assertThat(dispatcher.failures()).isEmpty();
        dispatcher.close();
        // if it had lost its partitions, some would have come twice
        assertThat(callback.requests("/slow"))
                .extracting(request -> request.id())
                .doesNotHaveDuplicates();
    }

    @Test
    void payloadsLargerThanTheBufferPassOneByOne() {
        DispatcherUnderTest.Settings settings = settings()
                .partitions(1)
                .maxBuffered(64 * KB)
                .route(TestRoute.of("r", "app", callback.url("/a")).maxInFlight(2));
        started(settings);
        for (int i = 0; i < 30; i++) {
            int size = i % 10 == 0 ? 1000 * KB : 100 * KB;
            records.write(TestRecords.message("app", "r", "t/" + i, new byte[size]));
        }
        records.flush();

        awaitCommitted("app", 30);
        assertThat(callback.requests("/a")).hasSize(30);
    }

    @Test
    void recordsDeletedByRetentionAreCounted() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        callback.on("/a", Answer.heldUntil(open, Answer.status(200)));
        DispatcherUnderTest dispatcher = started(settings()
                .partitions(1)
                .maxBuffered(32 * KB) // so that most of it stays in Kafka
                .consumer("max.poll.records", "5")
                .consumer("max.partition.fetch.bytes", "2000") // and nothing is fetched ahead of its deletion
                .route(TestRoute.of("r", "app", callback.url("/a")).maxInFlight(1)));
        for (int i = 0; i < 500; i++) {
            records.write("app", "r", "t");
            if (i % 10 == 9) {
                records.flush(); // small batches: a fetch takes at least one
            }
        }
        callback.await("/a", 1, PATIENCE);
        deleteBefore(new TopicPartition(names.messages("app"), 0), 450);
        open.countDown();

        awaitCommitted("app", 500);
        int delivered = callback.requests("/a").size();
        assertThat(dispatcher.meter("relay_dispatch_lost_total", "app")).isEqualTo(500.0 - delivered);
        assertThat(delivered).isBetween(51, 200);
    }

    private void deleteBefore(TopicPartition partition, long offset) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get();
        }
    }

    @Test
    void aDeletedCommittedOffsetIsCountedOnce() throws Exception {
        DispatcherUnderTest first =
                started(settings().partitions(1).route(TestRoute.of("r", "app", callback.url("/a"))));
        records.write("app", "r", "t");
        records.flush();
        awaitCommitted("app", 1);
        first.close();
        for (int i = 0; i < 9; i++) {
            records.write("app", "r", "t");
        }
        records.flush();
        deleteBefore(new TopicPartition(names.messages("app"), 0), 10);

        DispatcherUnderTest second =
                started(settings().partitions(1).route(TestRoute.of("r", "app", callback.url("/a"))));
        await().atMost(PATIENCE).until(() -> second.meter("relay_dispatch_lost_total", "app") == 9);
        awaitCommitted("app", 10);
        second.close();
        DispatcherUnderTest third =
                started(settings().partitions(1).route(TestRoute.of("r", "app", callback.url("/a"))));
        records.write("app", "r", "t");
        records.flush();

        awaitCommitted("app", 11);
        assertThat(third.meter("relay_dispatch_lost_total", "app")).isZero();
        assertThat(callback.requests("/a")).hasSize(2);
    }

    @Test
    void aRecreatedTopicIsReadFromItsBeginning() throws Exception {
        started(settings().partitions(2).route(TestRoute.of("r", "app", callback.url("/a"))));
        for (int i = 0; i < 20; i++) {
            records.write("app", "r", "t/" + i);
        }
        records.flush();
        awaitCommitted("app", 20);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.deleteTopics(java.util.List.of(names.messages("app"))).all().get();
            await().atMost(PATIENCE)
                    .until(() -> !admin.listTopics().names().get().contains(names.messages("app")));
        }
        // all are gone from the group, too, before it is made again
        await().atMost(PATIENCE).until(() -> positions("app").isEmpty());
        io.mqttrelay.testkit.kafka.TestTopics.create(kafka.bootstrapServers(), names.messages("app"), 2, Map.of());
        try (TestRecords later = new TestRecords(kafka.bootstrapServers(), prefix)) {
            for (int i = 0; i < 5; i++) {
                later.write("app", "r", "t/" + i);
            }
            later.flush();
        }

        callback.await("/a", 25, PATIENCE);
        awaitCommitted("app", 5);
        assertThat(callback.requests("/a")).hasSize(25);
    }
}
