package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.embedded.LoopbackPorts;
import io.mqttrelay.faults.mutant.Mutant;
import io.mqttrelay.testkit.http.ReceivedRequest;
import io.mqttrelay.testkit.kafka.CorruptedLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One app's Kafka topic is corrupt, refused, compacted or missing, or its records exceed the memory: the one consumer
 * of the dispatcher serves all other apps.
 */
final class ConsumerFaultIT extends NeighbourScene {
    private static final Duration STOP = Duration.ofSeconds(30);
    /** A partition, or an app, that is set aside is tried every 30 s. */
    private static final Duration RECOVERY = Duration.ofSeconds(90);

    private static final long FELT_MILLIS = 8_000;
    private static final byte[] PAYLOAD = new byte[100];

    private static String refusing() {
        return "http://127.0.0.1:" + LoopbackPorts.free() + "/";
    }

    private KafkaWriter writer() {
        return opened(new KafkaWriter(bootstrapServers()));
    }

    private KafkaAdmin admin() {
        return opened(KafkaAdmin.of(bootstrapServers()));
    }

    private void write(KafkaWriter writer, int messages) {
        for (int i = 0; i < messages; i++) {
            writer.write(messagesTopic("bad"), "bad", "bad/" + i % 4, PAYLOAD);
        }
    }

    private int received() {
        return callback.requests("/bad").size();
    }

    private long receivedIds() {
        return callback.requests("/bad").stream()
                .map(ReceivedRequest::id)
                .distinct()
                .count();
    }

    @Test
    @Tag("every-change")
    void b07BytesStayCorruptOnTheBrokersDisk() {
        route("bad", to("/bad"));
        ingest().ready();
        RelayService dispatch = dispatch().ready();
        Neighbour neighbour = neighbour("B07");
        dispatch.process().terminate(STOP);
        KafkaWriter writer = writer();
        for (int i = 0; i < 50; i++) {
            writer.write(messagesTopic("bad"), 0, "bad", "bad/x", PAYLOAD);
        }
        CorruptedLog corrupted = CorruptedLog.batch(broker().kafka(), new TopicPartition(messagesTopic("bad"), 0), 20);
        dispatch.startAgain();
        dispatch.serving();

        neighbour.begin();
        Pause.forMillis(FELT_MILLIS);
        neighbour.feltNothing();
        assertThat(received()).isEqualTo(20);
        assertThat(dispatch.get("/health/ready")).contains("cannot be read at offset 20");
        corrupted.mend();
        Pause.until(RECOVERY, () -> received() == 50);
        assertThat(received()).isEqualTo(50);
    }

    /** 40 messages of 15 MB that are 60 KB in Kafka; one address takes them, another of the same app is away. */
    @Test
    @Tag("by-hand")
    void b08MessagesAreLargeWhenTheyAreUnpacked() {
        CountingSink sink = opened(new CountingSink());
        route("bad", "\"callbackAddress\": [\"" + sink.url() + "\", \"" + refusing() + "\"]", "\"retry\": 1000000");
        ingest().ready();
        RelayService dispatch = dispatch().ready();
        Neighbour neighbour = neighbour("B08");
        neighbour.begin();
        KafkaWriter writer = writer();
        byte[] zeros = new byte[15_000_000];
        for (int i = 0; i < 40; i++) {
            writer.write(messagesTopic("bad"), "bad", "bad/" + i, zeros);
        }
        Pause.until(RECOVERY, () -> sink.count() == 40);

        neighbour.feltNothing();
        assertThat(sink.count()).isEqualTo(40);
        assertThat(dispatch.process().isAlive()).isTrue();
        long most = dispatch.mostResidentBytes();
        Result result = new Result("B08, dispatch", Mutant.NONE);
        result.figure("most resident MB", most >> 20);
        result.write(most < Limits.MEMORY);
        assertThat(most).as("resident in a container of %s", Limits.MEMORY).isLessThan(Limits.MEMORY);
    }

    @Test
    @Tag("every-change")
    void b09AnAppsTopicIsCompactedAtTheStart() {
        ingest().ready();
        route("bad", to("/bad"));
        KafkaAdmin admin = admin();
        admin.create(messagesTopic("bad"), 2, Map.of("cleanup.policy", "compact"));
        RelayService dispatch = dispatch().serving();

        Neighbour neighbour = neighbourAtOnce("B09 compacted");
        Pause.forMillis(FELT_MILLIS);
        neighbour.feltNothing();
        assertThat(dispatch.get("/health/ready")).contains("app bad is not consumed yet");
        admin.configure(messagesTopic("bad"), Map.of("cleanup.policy", "delete"));
        recovers();
    }

    @Test
    @Tag("every-change")
    void b09AnAppsTopicIsForbiddenAtTheStart() {
        guardKafka();
        ingest().ready();
        route("bad", to("/bad"));
        KafkaAdmin admin = admin();
        admin.create(messagesTopic("bad"), 2, Map.of());
        admin.forbid(OneBroker.USER, messagesTopic("bad"), AclOperation.DESCRIBE);
        RelayService dispatch = dispatch().serving();

        Neighbour neighbour = neighbourAtOnce("B09 forbidden");
        Pause.forMillis(FELT_MILLIS);
        neighbour.feltNothing();
        assertThat(dispatch.get("/health/ready")).contains("app bad is not consumed yet");
        admin.permit(OneBroker.USER, messagesTopic("bad"));
        recovers();
    }

    @Test
    @Tag("every-change")
    void b09TheRightToReadIsTakenAwayWhileItRuns() {
        aRightIsTakenAway(AclOperation.READ);
    }

    @Test
    @Tag("every-change")
    void b09TheRightToDescribeIsTakenAwayWhileItRuns() {
        aRightIsTakenAway(AclOperation.DESCRIBE);
    }

    private void aRightIsTakenAway(AclOperation operation) {
        guardKafka();
        route("bad", to("/bad"));
        // otherwise Kafka's client hears of it after five minutes
        within("consumer", "\"metadata.max.age.ms\": 1000");
        ingest().ready();
        dispatch().ready();
        KafkaWriter writer = writer();
        write(writer, 10);
        callback.await("/bad", 10, STOP);
        Neighbour neighbour = neighbour("B09 " + operation);
        neighbour.begin();
        KafkaAdmin admin = admin();
        admin.forbid(OneBroker.USER, messagesTopic("bad"), operation);
        write(writer, 10);
        Pause.forMillis(FELT_MILLIS);

        neighbour.feltNothing();
        admin.permit(OneBroker.USER, messagesTopic("bad"));
        Pause.until(RECOVERY, () -> receivedIds() == 20);
        assertThat(receivedIds()).isEqualTo(20);
        // without the right to read, the offset of a delivered message cannot be committed: it is repeated
        assertThat(received()).isLessThanOrEqualTo(30);
    }

    private void recovers() {
        write(writer(), 10);
        Pause.until(RECOVERY, () -> received() == 10);
        assertThat(received()).isEqualTo(10);
    }

    /** 300 MB in 600 partitions of an app that a reload adds; its callback is away. */
    @Test
    @Tag("every-change")
    void b11AReloadBringsManyPartitionsWithABacklog() {
        ingest().ready();
        RelayService dispatch = dispatch().ready();
        Neighbour neighbour = neighbour("B11");
        admin().create(messagesTopic("bad"), 600, Map.of());
        KafkaWriter writer = writer();
        byte[] payload = new byte[500_000];
        new Random(1).nextBytes(payload);
        for (int partition = 0; partition < 600; partition++) {
            writer.write(messagesTopic("bad"), partition, "bad", "bad/" + partition, payload);
        }
        route("bad", "\"callbackAddress\": \"" + refusing() + "\"", "\"retry\": 1000000");
        neighbour.begin();
        configureAgain(dispatch);
        dispatch.process().signal("HUP");
        Pause.forMillis(15_000);

        neighbour.feltNothing();
        assertThat(dispatch.process().isAlive()).isTrue();
        assertThat(List.of(dispatch.meter("relay_dispatch_lag", "app_id=\"bad\"")))
                .containsExactly(600.0);
    }
}
