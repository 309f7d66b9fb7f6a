package io.mqttrelay.dispatch.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.record.DeadLetter;
import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.embedded.EmbeddedKafka;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** {@code relay replay} as it is typed: which entries are sent again, and which are not. */
final class ReplayCommandIT extends ReplayScene {
    ReplayCommandIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    @Test
    void anEntryGoesToTheAddressThatFailedAndToNoOther() {
        die("id-1", "a/b", DeadReason.RETRIES_EXHAUSTED, ONE);
        die("id-2", "a/b", DeadReason.REJECTED, TWO);
        Ended ended = replay();
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out())
                .contains(
                        "app app: 2 dead letters selected",
                        "2 deliveries to send:",
                        "http://127.0.0.1:9/one?***  retries_exhausted 1",
                        "http://127.0.0.1:9/two  rejected 1",
                        "sent 2 deliveries in run ")
                .doesNotContain("t0ken");
        assertThat(stored.await(names.replay("app"), 2, PATIENCE)).allSatisfy(record -> {
            String id = header(record, "relay-id");
            assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("app/a/b");
            assertThat(new String(record.value(), StandardCharsets.UTF_8)).isEqualTo(id);
            assertThat(record.timestamp()).isCloseTo(System.currentTimeMillis(), within(60_000L));
            assertThat(ended.out()).contains(header(record, "relay-replay"));
        });
        assertThat(replayed(2)).containsExactlyInAnyOrder("id-1 -> " + ONE, "id-2 -> " + TWO);
        awaitOpen(0);
    }

    @Test
    void aSecondReplaySendsNothing() {
        die("id-1", "a", DeadReason.REJECTED, ONE);
        assertThat(replay().code()).isZero();
        Ended second = replay();
        assertThat(second.code()).isZero();
        assertThat(second.out()).contains("0 dead letters selected", "nothing to send");
        assertThat(replayed(1)).containsExactly("id-1 -> " + ONE);
    }

    @Test
    void aDryRunPrintsThePlanAndChangesNothing() {
        die("id-1", "a", DeadReason.REJECTED, ONE);
        Ended dry = replay("--dry-run");
        assertThat(dry.code()).isZero();
        assertThat(dry.out())
                .contains("1 delivery would be sent:", "nothing was sent (--dry-run)")
                .doesNotContain("in run");
        assertThat(replay("--dry-run", "--json").out())
                .isEqualTo("{\"app_id\":\"app\",\"source\":\"dead-letters\",\"dry_run\":true,\"run\":null,"
                        + "\"selected\":1,\"deliveries\":[{\"address\":\"http://127.0.0.1:9/one?***\","
                        + "\"reason\":\"rejected\",\"count\":1}],\"skipped\":{},\"sent\":0,\"sent_before\":0,"
                        + "\"complete\":true}\n");
        assertThat(replayed()).isEmpty();
        assertThat(open()).containsExactly("id-1|" + ONE);
    }

    @Test
    void sendsOnlySelectedEntries() {
        die("id-1", "a/1", DeadReason.REJECTED, ONE);
        die("id-2", "a/2", DeadReason.REJECTED, ONE);
        die("id-3", "b/3", DeadReason.REJECTED, ONE);
        die("id-4", "a/4", DeadReason.EXPIRED, ONE);
        die("id-5", "a/5", DeadReason.REJECTED, TWO);
        Ended ended = replay(
                "--topic",
                "a/#",
                "--reason",
                "rejected",
                "--address",
                "http://127.0.0.1:9/one",
                "--limit",
                "1",
                "--json");
        assertThat(ended.out())
                .contains("\"selected\":1", "\"sent\":1", "\"complete\":true")
                .hasLineCount(1);
        assertThat(replayed(1)).containsExactly("id-1 -> " + ONE);
        awaitOpen(4);
    }

    @Test
    void entriesThatCannotBeSentStayAndAreCounted() throws Exception {
        RelayMessage message = message("id-1", "a");
        DeadLetter tooLarge = new DeadLetter(DeadReason.TOO_LARGE, null, 0, null, "too large", 1);
        write(codec.encodeTooLarge(message, new byte[] {1}, 99, "abc", tooLarge, names.dead("app")));
        DeadLetter undecodable = new DeadLetter(DeadReason.UNDECODABLE, null, 0, null, "?", 1);
        write(codec.encodeDead(consumed("t", null, new RecordHeaders()), undecodable, names.dead("app")));
        die(message("app", "gone", "id-2", "a", new byte[0]), DeadReason.NO_ROUTE, null, 1);
        die("id-3", "a", DeadReason.NO_ROUTE, "http://127.0.0.1:9/gone");
        die("id-4", "a", DeadReason.REJECTED, ONE);

        Ended ended = replay();
        assertThat(ended.code()).isZero();
        assertThat(ended.out())
                .contains(
                        "5 dead letters selected",
                        "1 delivery to send:",
                        "not sent, 4:",
                        "1 too_large: only the first 64 KB",
                        "1 undecodable: ",
                        "1 no_route: ",
                        "1 no_address: ",
                        "sent 1 delivery");
        assertThat(replayed(1)).containsExactly("id-4 -> " + ONE);
        awaitOpen(4);

        config = configuration("\"enabled\": false, \"callbackAddress\": \"" + ONE + "\"");
        die("id-5", "a", DeadReason.REJECTED, ONE);
        assertThat(replay("--id", "id-5", "--json").out()).contains("\"skipped\":{\"disabled\":1}");
    }

    @Test
    void anEntryWithoutARouteGoesToEachAddressOfItsRoute() {
        die(message("id-1", "a"), DeadReason.NO_ROUTE, null, 1);
        assertThat(replay("--json").out()).contains("\"selected\":1", "\"sent\":2");
        assertThat(replayed(2)).containsExactlyInAnyOrder("id-1 -> " + ONE, "id-1 -> " + TWO);
        awaitOpen(0);
    }

    @Test
    void aForeignRecordThatPosesAsAFailureIsNotSent() {
        ProducerRecord<byte[], byte[]> foreign = new ProducerRecord<>(names.dead("app"), new byte[] {'k'}, new byte[0]);
        foreign.headers()
                .add("relay-client-id", "route".getBytes(StandardCharsets.UTF_8))
                .add("relay-address", ONE.getBytes(StandardCharsets.UTF_8));
        write(foreign);
        die("id-1", "a", DeadReason.REJECTED, ONE);
        assertThat(replay("--json").out()).contains("\"sent\":1", "\"skipped\":{\"undecodable\":1}");
        assertThat(replayed(1)).containsExactly("id-1 -> " + ONE);
    }

    @Test
    void manyAreSentInTheOrderInWhichTheyArrived() {
        List<Integer> shuffled =
                new ArrayList<>(IntStream.range(0, 3000).boxed().toList());
        Collections.shuffle(shuffled, new Random(1));
        for (int i : shuffled) {
            die("id-%05d".formatted(i), "topic/" + i % 7, DeadReason.REJECTED, ONE);
        }
        assertThat(replay("--json").out()).contains("\"sent\":3000", "\"complete\":true");
        List<ConsumerRecord<byte[], byte[]>> again = stored.await(names.replay("app"), 3000, PATIENCE);
        assertThat(again).extracting(each -> header(each, "relay-id")).doesNotHaveDuplicates();
        for (int topic = 0; topic < 7; topic++) {
            String name = "topic/" + topic;
            assertThat(again)
                    .filteredOn(each -> header(each, "mqtt-topic").equals(name))
                    .extracting(each -> header(each, "relay-id"))
                    .isSorted()
                    .isNotEmpty();
        }
        awaitOpen(0);
    }

    private void limit(String topic, int bytes) throws Exception {
        ConfigEntry limit = new ConfigEntry("max.message.bytes", Integer.toString(bytes));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, topic),
                            List.of(new AlterConfigOp(limit, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    @Test
    void aTooLargeEntryDoesNotDelayTheOthers() throws Exception {
        Files.writeString(config, Files.readString(config).replace(prefix, prefix + "-s"));
        TopicNames tight = new TopicNames(prefix + "-s");
        String small = tight.messages("app");
        ensureTopics(tight, 1);
        limit(tight.replay("app"), 2000);
        byte[] incompressible = new byte[10_000];
        new Random(1).nextBytes(incompressible);
        for (int i = 0; i < 5; i++) {
            RelayMessage message = message("app", "route", "id-" + i, "a", i == 2 ? incompressible : new byte[1]);
            DeadLetter letter = new DeadLetter(DeadReason.REJECTED, ONE, 1, 400, "no", 1);
            ProducerRecord<byte[], byte[]> record = codec.encode(message, Ordering.TOPIC, small);
            write(codec.encodeDead(consumed(small, record.value(), record.headers()), letter, small + ".dead"));
        }

        Ended ended = replay("--json");
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("\"sent\":4", "\"skipped\":{\"does_not_fit\":1}");
        assertThat(stored.await(small + ".replay", 4, PATIENCE))
                .extracting(each -> header(each, "relay-id"))
                .containsExactly("id-0", "id-1", "id-3", "id-4");
    }
}
