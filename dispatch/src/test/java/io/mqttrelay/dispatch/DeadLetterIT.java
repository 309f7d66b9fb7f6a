package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.http.Answer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

/** A dead topic that refuses dead letters: nothing is lost, the failure is reported, and the dispatcher recovers. */
final class DeadLetterIT extends DispatchScene {
    DeadLetterIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    private void deleteDeadTopic(String appId) throws ExecutionException, InterruptedException {
        try (Admin admin = admin()) {
            admin.deleteTopics(Set.of(names.dead(appId))).all().get();
            await().atMost(PATIENCE)
                    .until(() -> !admin.listTopics().names().get().contains(names.dead(appId)));
        }
    }

    @Test
    void aDeadTopicThatWasDeletedBeforeItsFirstLetterIsMadeAgain() throws Exception {
        callback.on("/bad", Answer.status(400));
        started(settings().route(TestRoute.of("r", "app", callback.url("/bad"))));
        deleteDeadTopic("app");
        records.write("app", "r", "t");
        records.flush();

        awaitCommitted("app", 1);
        assertThat(dead("app", 1)).hasSize(1);
    }

    @Test
    void aDeadTopicThatWasDeletedUnderTheProducerIsMadeAgain() throws Exception {
        callback.on("/bad", Answer.status(400));
        DispatcherUnderTest dispatcher = started(settings().route(TestRoute.of("r", "app", callback.url("/bad"))));
        records.write("app", "r", "t");
        records.flush();
        awaitCommitted("app", 1);
        deleteDeadTopic("app");
        records.write("app", "r", "t");
        records.flush();

        awaitCommitted("app", 2);
        assertThat(dead("app", 1)).hasSize(1);
        await().atMost(PATIENCE).until(() -> dispatcher.get("/health/ready?all").statusCode() == 200);
    }

    private void limitDeadTopic(String appId, int bytes) throws ExecutionException, InterruptedException {
        ConfigEntry limit = new ConfigEntry("max.message.bytes", Integer.toString(bytes));
        try (Admin admin = admin()) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, names.dead(appId)),
                            List.of(new AlterConfigOp(limit, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    @Test
    void aTooLargeLetterKeepsItsOffsetUntilTheLimitIsRaised() throws Exception {
        callback.on("/bad", Answer.status(400));
        DispatcherUnderTest dispatcher = started(settings()
                .partitions(1)
                .route(TestRoute.of("r", "small", callback.url("/bad")))
                .route(TestRoute.of("other", "other", callback.url("/bad"))));
        limitDeadTopic("small", 2000);
        byte[] incompressible = new byte[20_000];
        new Random(1).nextBytes(incompressible);
        records.write(TestRecords.message("small", "r", "t", incompressible));
        records.write(TestRecords.message("small", "r", "t", new byte[10]));
        records.write(TestRecords.message("other", "other", "t", new byte[10]));
        records.flush();

        await().atMost(PATIENCE)
                .until(() -> dispatcher.get("/health/ready").body().contains(names.dead("small")));
        awaitCommitted("other", 1);
        assertThat(committed("small")).isZero();

        limitDeadTopic("small", 100_000);
        awaitCommitted("small", 2);
        assertThat(dead("small", 2)).extracting(letter -> letter.value().length).contains(20_000, 10);
        await().atMost(PATIENCE).until(() -> dispatcher.get("/health/ready?all").statusCode() == 200);
    }
}
