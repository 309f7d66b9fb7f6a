package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.guarantee.TestMessage;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An operator changes the app's topic, or the group's offsets in it, by hand. */
@Tag("by-hand")
final class TopicChangesFaultIT extends FaultScene {
    private static final int RATE = 100;
    private static final int BURST = 20 * RATE;
    private static final int MORE_PARTITIONS = 2 * PARTITIONS;
    private static final Duration RECOVERY = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(15);
    private static final Pattern FROM_THE_BEGINNING =
            Pattern.compile("has no committed offset in some partitions; (\\d+) records there are delivered from");

    private KafkaAdmin admin;
    private RelayService dispatch;

    TopicChangesFaultIT(KafkaCluster kafka) {
        super(kafka);
    }

    private Run flowing(String row) {
        admin = opened(KafkaAdmin.of(kafka));
        ingest().ready();
        dispatch = dispatch().ready();
        Run run = run(row, RATE, "/a");
        run.flows(RATE);
        return run;
    }

    @Test
    void f42PartitionsAreAdded() {
        within("kafka", "\"properties\": {\"metadata.max.age.ms\": 1000}"); // otherwise clients look every five minutes
        Run run = flowing("F42 partitions");
        run.orderMayBreak(); // a topic's next message goes to another partition than its last
        admin.addPartitions(messagesTopic(), MORE_PARTITIONS);
        run.healed();
        Pause.until(
                RECOVERY,
                () -> admin.lastOffsets(messagesTopic()).entrySet().stream()
                        .filter(end -> end.getKey().partition() >= PARTITIONS)
                        .allMatch(end -> end.getValue() > 0));
        run.flows(RATE);
        run.ends(0, RECOVERY);
    }

    @Test
    void f42TheTopicIsDeletedAndRecreated() {
        Run run = flowing("F42 topic made anew");
        run.load().pause();
        run.awaitCaughtUp(0, RECOVERY); // the records in the topic go with it
        run.awaitStill();
        admin.delete(messagesTopic());
        run.healed();
        run.load().resume();
        run.flows(RATE);
        run.offsetsAreSet();
        run.flows(RATE * 10); // beyond the end of the old one
        run.ends(0, RECOVERY);
        assertThat(admin.partitions(messagesTopic())).isEqualTo(PARTITIONS);
    }

    @Test
    void f42TheTopicIsReplacedAtOnce() {
        Run run = flowing("F42 topic replaced");
        run.load().pause();
        run.awaitCaughtUp(0, RECOVERY);
        run.awaitStill();
        run.orderMayBreak(); // records read before the change is detected are read again, once
        admin.replace(messagesTopic(), PARTITIONS);
        for (int message = 0; message < BURST; message++) { // beyond the end of the old one, at once
            run.load().publish(app + "/" + message % 50, TestMessage.next().payload());
        }
        run.healed();
        run.flows(RATE);
        run.offsetsAreSet();
        run.load().resume();
        run.flows(RATE);
        run.ends(BURST, RECOVERY);
    }

    @Test
    void f42TheGroupsOffsetsAreDeleted() {
        Run run = flowing("F42 offsets deleted");
        run.flows(RATE);
        stopDispatch();
        Map<TopicPartition, Long> ends = admin.lastOffsets(messagesTopic());
        admin.deleteOffsets(app, ends.keySet());
        run.offsetsAreSet();
        int delivered = callback.deliveries().size();
        dispatch.startAgain();
        run.healed();
        MatchResult said = dispatch.process().await(FROM_THE_BEGINNING, RECOVERY);
        run.flows(delivered);
        run.ends(delivered, RECOVERY);
        long waiting = Long.parseLong(said.group(1));
        assertThat(run.repeated()).as("all of it, once").isEqualTo(delivered);
        assertThat(waiting).isBetween((long) delivered, (long) run.load().sent().size());
    }

    @Test
    void f42TheGroupIsSetBack() {
        Run run = flowing("F42 set back");
        run.flows(RATE);
        stopDispatch();
        Map<TopicPartition, Long> back = new HashMap<>();
        IntStream.range(0, PARTITIONS).forEach(number -> back.put(new TopicPartition(messagesTopic(), number), 1L));
        admin.setOffsets(app, back);
        run.offsetsAreSet();
        int again = callback.deliveries().size() - PARTITIONS;
        dispatch.startAgain();
        run.healed();
        run.flows(again);
        run.ends(again, RECOVERY);
        assertThat(run.repeated())
                .as("all but the first of each partition, once")
                .isEqualTo(again);
    }

    private void stopDispatch() {
        assertThat(dispatch.process().terminate(STOP)).isZero();
        callback.declareCrash(); // for the check of the order
    }
}
