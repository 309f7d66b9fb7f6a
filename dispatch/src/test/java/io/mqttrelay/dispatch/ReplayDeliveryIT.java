package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.cli.Cli;
import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.record.Replay;
import io.mqttrelay.common.thread.StopRequest;
import io.mqttrelay.dispatch.command.ReplayCommand;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.http.ReceivedRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How dispatch delivers the records of {@code relay replay}. */
final class ReplayDeliveryIT extends DispatchScene {
    @TempDir
    Path dir;

    ReplayDeliveryIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    private void replay(String... addresses) throws IOException {
        String config = """
                {"mqtt_brokers": [{"client_id": "r", "broker_ip": "127.0.0.1", "sub_deal_config": {
                  "app_id": "app", "callbackAddress": ["%s"], "subTopic": {"topic": "#", "qos": 1}}}],
                 "kafka": {"bootstrap_servers": "%s", "topic_prefix": "%s"}, "dispatch": {"group_id": "%s"}}
                """.formatted(String.join("\", \"", addresses), kafka.bootstrapServers(), prefix, prefix);
        Path file = Files.writeString(dir.resolve("relay.json"), config);
        StringWriter out = new StringWriter();
        int code = Cli.run(
                new String[] {"replay", "--config", file.toString(), "--app-id", "app"},
                List.of(new ReplayCommand(StopRequest::new)),
                new PrintWriter(out, true),
                new PrintWriter(out, true));
        assertThat(code).as(out.toString()).isZero();
        assertThat(out.toString()).as("a dispatcher runs").doesNotContain("no relay dispatch");
    }

    /** The group's lag by Kafka: end offset less committed offset, of every partition with a committed offset. */
    private Map<TopicPartition, Long> lags() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(prefix)
                    .partitionsToOffsetAndMetadata()
                    .get();
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            committed.keySet().forEach(partition -> latest.put(partition, OffsetSpec.latest()));
            Map<TopicPartition, Long> lags = new HashMap<>();
            admin.listOffsets(latest)
                    .all()
                    .get()
                    .forEach((partition, end) -> lags.put(
                            partition, end.offset() - committed.get(partition).offset()));
            return lags;
        }
    }

    @Test
    void afterAReplayKafkasLagIsZeroInEveryPartition() throws Exception {
        callback.on("/ill", Answer.status(400));
        started(settings().route(TestRoute.of("r", "app", callback.url("/ill"))));
        for (int i = 0; i < 20; i++) {
            records.write("app", "r", "t/" + i);
        }
        records.flush();
        dead("app", 20);
        callback.on("/ill", Answer.status(200));
        for (int run = 1; run <= 2; run++) {
            replay(callback.url("/ill"));
            int requests = 20 + 20;
            await().atMost(PATIENCE).until(() -> callback.requests("/ill").size() == requests);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(lags())
                            .anySatisfy((partition, lag) ->
                                    assertThat(partition.topic()).isEqualTo(names.replay("app")))
                            .allSatisfy((partition, lag) ->
                                    assertThat(lag).as("%s", partition).isZero()));
        }
    }

    @Test
    void aReplayIsDeliveredAndSaysNothingOfHowLongMessagesTake() throws Exception {
        callback.on("/ill", Answer.status(400));
        DispatcherUnderTest dispatcher = started(settings().route(TestRoute.of("r", "app", callback.url("/ill"))));
        records.write("app", "r", "t");
        records.flush();
        dead("app", 1);
        callback.on("/ill", Answer.status(200));
        replay(callback.url("/ill"));
        await().atMost(PATIENCE)
                .until(() -> dispatcher.meter("relay_dispatch_deliveries_total", "outcome=\"delivered\"") == 1);
        assertThat(dispatcher.meter("relay_dispatch_end_to_end_seconds_count", "app_id=\"app\""))
                .isZero();
        records.write("app", "r", "live");
        records.flush();
        await().atMost(PATIENCE)
                .until(() -> dispatcher.meter("relay_dispatch_end_to_end_seconds_count", "app_id=\"app\"") == 1);
    }

    /** Headers by name, without those for time and place. */
    private static List<String> headerNames(ConsumerRecord<byte[], byte[]> record) {
        return StreamSupport.stream(record.headers().spliterator(), false)
                .map(Header::key)
                .toList();
    }

    private static ConsumerRecord<byte[], byte[]> consumed(ProducerRecord<byte[], byte[]> record) {
        return new ConsumerRecord<>(
                record.topic(),
                0,
                0,
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                record.key(),
                record.value(),
                record.headers(),
                Optional.empty());
    }

    /** Writes a replay record like {@code relay replay}. */
    private void writeReplay(RelayMessage message, String address) {
        RecordCodec codec = new RecordCodec();
        records.write(codec.encodeReplay(
                consumed(records.record(message)),
                message,
                new Replay(address, "run"),
                Ordering.TOPIC,
                names.replay("app")));
        records.flush();
    }

    @Test
    void itGoesToTheAddressThatFailedAndToNoOther() throws Exception {
        callback.on("/ill", Answer.status(400));
        started(settings().route(TestRoute.of("r", "app", callback.url("/ill"), callback.url("/well"))));
        records.write("app", "r", "t");
        records.flush();
        dead("app", 1);
        awaitCommitted("app", 1);

        callback.on("/ill", Answer.status(200));
        replay(callback.url("/ill"), callback.url("/well"));
        await().atMost(PATIENCE).until(() -> callback.requests("/ill").size() == 2);
        assertThat(callback.requests("/ill"))
                .extracting(request -> request.header("webhook-id"))
                .hasSize(2)
                .containsOnly(callback.requests("/well").get(0).header("webhook-id"));
        replay(callback.url("/ill"), callback.url("/well"));
        records.write("app", "r", "last");
        records.flush();
        await().atMost(PATIENCE).until(() -> topicsAt("/ill").contains("last"));
        assertThat(callback.requests("/ill")).hasSize(3);
        assertThat(topicsAt("/well")).containsExactly("t", "last");
    }

    @Test
    void oneThatFailsAgainComesBackOnceWithTheSameHeaders() throws Exception {
        callback.on("/ill", Answer.status(400));
        started(settings().partitions(1).route(TestRoute.of("r", "app", callback.url("/ill"))));
        records.write("app", "r", "t");
        records.flush();
        ConsumerRecord<byte[], byte[]> first = dead("app", 1).get(0);

        replay(callback.url("/ill"));
        // the entry, its removal, and the entry again
        List<ConsumerRecord<byte[], byte[]>> all = dead("app", 3);
        assertThat(all.get(1).value()).isNull();
        ConsumerRecord<byte[], byte[]> back = all.get(2);
        assertThat(back.key()).isEqualTo(first.key());
        assertThat(back.value()).isEqualTo(first.value());
        assertThat(headerNames(back)).isEqualTo(headerNames(first));
        assertThat(header(back, "relay-attempts")).isEqualTo("1");
        assertThat(header(back, "relay-origin")).startsWith(names.replay("app"));
        assertThat(callback.requests("/ill")).hasSize(2);
    }

    @Test
    void aRemovedAddressStaysInTheDeadLetter() {
        started(settings().route(TestRoute.of("r", "app", callback.url("/here"))));
        writeReplay(TestRecords.message("app", "r", "t", new byte[1]), "http://127.0.0.1:9/gone");
        writeReplay(TestRecords.message("app", "unknown", "t", new byte[1]), "http://127.0.0.1:9/gone");

        assertThat(dead("app", 2)).allSatisfy(letter -> {
            assertThat(header(letter, "relay-dead-reason")).isEqualTo("no_route");
            assertThat(header(letter, "relay-address")).isEqualTo("http://127.0.0.1:9/gone");
            assertThat(headerNames(letter)).doesNotContain("relay-replay").doesNotHaveDuplicates();
        });
        assertThat(callback.requests("/here")).isEmpty();
    }

    @Test
    void neitherItsExpiryNorAnExcludeStopsIt() {
        started(settings().route(TestRoute.of("r", "app", callback.url("/cb")).excluding("quiet/#")));
        RelayMessage old = TestRecords.expiring("app", "r", "quiet/t", new byte[1], 1L);
        writeReplay(old, callback.url("/cb"));

        await().atMost(PATIENCE).until(() -> topicsAt("/cb").contains("quiet/t"));
    }

    private static RelayMessage numbered(String topic, int number) {
        String id = topic.replace('/', '-') + "-%04d".formatted(number);
        byte[] payload = Integer.toString(number).getBytes(StandardCharsets.UTF_8);
        return new RelayMessage(id, "app", "r", 1, topic, 1, false, null, null, null, null, List.of(), payload);
    }

    private void write(String topic, int count) {
        for (int i = 0; i < count; i++) {
            records.write(numbered(topic, i));
        }
        records.flush();
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    @Test
    void itRunsBesideLiveTrafficAndBothArriveInOrder() throws Exception {
        callback.on("/cb", Answer.status(400));
        started(settings().route(TestRoute.of("r", "app", callback.url("/cb"))));
        write("old/t", 100);
        dead("app", 100);

        callback.on("/cb", Answer.status(200));
        write("new/t", 200);
        replay(callback.url("/cb"));
        write("newer/t", 200);
        await().atMost(PATIENCE).until(() -> callback.requests("/cb").size() >= 600);

        List<ReceivedRequest> later = callback.requests("/cb").subList(100, 600);
        for (String topic : List.of("old/t", "new/t", "newer/t")) {
            assertThat(later)
                    .filteredOn(request -> request.topic().equals(topic))
                    .extracting(ReceivedRequest::bodyText)
                    .isEqualTo(numbers(topic.equals("old/t") ? 100 : 200));
        }
        assertThat(callback.requests("/cb")).hasSize(600);
    }
}
