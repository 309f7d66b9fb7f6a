package io.mqttrelay.faults;

import static io.mqttrelay.faults.BrokenProgram.assertCaught;

import io.mqttrelay.faults.mutant.Mutant;
import io.mqttrelay.testkit.mqtt.RequiresMosquitto;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The rows detect the defects that they are for: on a program that is broken on purpose, they fail. */
@ExtendWith(SharedCluster.class)
@RequiresMosquitto
final class MutantsFaultIT {
    private final KafkaCluster kafka;

    @TempDir
    private Path folder;

    MutantsFaultIT(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    @Test
    @Tag("every-change")
    void acknowledgingBeforeKafkaHasItLosesMessages() throws Exception {
        assertCaught(
                Mutant.ACKNOWLEDGES_BEFORE_STORED,
                folder,
                new IngestCrashFaultIT(kafka),
                IngestCrashFaultIT::f01KilledWhileKafkaDoesNotAnswer,
                "no loss");
    }

    @Test
    @Tag("by-hand")
    void committingReadRecordsLosesMessages() throws Exception {
        assertCaught(
                Mutant.COMMITS_WHAT_IS_READ,
                folder,
                new DispatchCrashFaultIT(kafka),
                DispatchCrashFaultIT::f04KilledWhileCallsAreOut,
                "no loss");
    }

    @Test
    @Tag("by-hand")
    void forgettingCompletedDeliveriesRepeatsMessages() throws Exception {
        assertCaught(
                Mutant.FORGETS_WHAT_IS_DONE,
                folder,
                new DispatchCrashFaultIT(kafka),
                DispatchCrashFaultIT::f04KilledWhileCallsAreOut,
                "duplicates");
    }

    @Test
    @Tag("by-hand")
    void ignoringOrderIsSeen() throws Exception {
        assertCaught(
                Mutant.IGNORES_ORDER,
                folder,
                new DispatchCrashFaultIT(kafka),
                DispatchCrashFaultIT::f04KilledWhileCallsAreOut,
                "order");
    }

    @Test
    @Tag("by-hand")
    void followingRedirectsIsSeen() throws Exception {
        assertCaught(
                Mutant.FOLLOWS_REDIRECTS,
                folder,
                new CallbackAnswerFaultIT(kafka),
                CallbackAnswerFaultIT::f29SendsElsewhere,
                "no loss");
    }

    @Test
    @Tag("by-hand")
    void neverTryingAgainIsSeen() throws Exception {
        assertCaught(
                Mutant.NEVER_RETRIES,
                folder,
                new CallbackDownFaultIT(kafka),
                CallbackDownFaultIT::f26AnswersThatItCannot,
                "an outage costs no message");
    }

    @Test
    @Tag("by-hand")
    void ignoringOrderIsSeenWhereOneTopicFails() throws Exception {
        assertCaught(
                Mutant.IGNORES_ORDER,
                folder,
                new PayloadFaultIT(kafka),
                PayloadFaultIT::f39OneTopicAlwaysFails,
                "order");
    }

    @Test
    @Tag("by-hand")
    void committingBeforeTheDeadLetterIsStoredLosesMessages() throws Exception {
        assertCaught(
                Mutant.DEAD_LETTERS_UNSTORED,
                folder,
                new ReplayFaultIT(kafka),
                ReplayFaultIT::f53TheDeadLetterTopicIsAway,
                "");
    }

    @Test
    @Tag("by-hand")
    void takingWithoutBoundEndsInNoMemory() throws Exception {
        assertCaught(
                Mutant.TAKES_WITHOUT_BOUND,
                folder,
                new OverloadFaultIT(kafka),
                OverloadFaultIT::f45TenTimesItsCapacityOfLargePayloads,
                "ended");
    }
}
