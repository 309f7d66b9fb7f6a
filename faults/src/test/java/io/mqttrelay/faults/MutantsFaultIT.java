package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttrelay.faults.mutant.Mutant;
import io.mqttrelay.testkit.mqtt.RequiresMosquitto;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The rows see what they are there to see: on a program that is broken on purpose, they are red. */
@ExtendWith(SharedCluster.class)
@RequiresMosquitto
final class MutantsFaultIT {
    private final KafkaCluster kafka;

    @TempDir
    private Path folder;

    MutantsFaultIT(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    private interface Row<S> {
        void run(S scene) throws Exception;
    }

    private <S extends FaultScene> void assertCaught(Mutant mutant, S scene, Row<S> row, String guarantee)
            throws Exception {
        scene.folder = folder;
        scene.broken(mutant);
        scene.begin();
        try {
            assertThatThrownBy(() -> row.run(scene))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining(guarantee);
        } finally {
            scene.end();
        }
    }

    @Test
    @Tag("every-change")
    void acknowledgingBeforeKafkaHasItLosesMessages() throws Exception {
        assertCaught(
                Mutant.ACKNOWLEDGES_BEFORE_STORED,
                new IngestCrashFaultIT(kafka),
                IngestCrashFaultIT::f01KilledWhileKafkaDoesNotAnswer,
                "no loss");
    }

    @Test
    @Tag("every-change")
    void committingWhatIsReadLosesMessages() throws Exception {
        assertCaught(
                Mutant.COMMITS_WHAT_IS_READ,
                new DispatchCrashFaultIT(kafka),
                DispatchCrashFaultIT::f04KilledWhileCallsAreOut,
                "no loss");
    }

    @Test
    @Tag("by-hand")
    void forgettingWhatIsDoneRepeatsMessages() throws Exception {
        assertCaught(
                Mutant.FORGETS_WHAT_IS_DONE,
                new DispatchCrashFaultIT(kafka),
                DispatchCrashFaultIT::f04KilledWhileCallsAreOut,
                "duplicates");
    }

    @Test
    @Tag("by-hand")
    void ignoringOrderIsSeen() throws Exception {
        assertCaught(
                Mutant.IGNORES_ORDER,
                new DispatchCrashFaultIT(kafka),
                DispatchCrashFaultIT::f04KilledWhileCallsAreOut,
                "order");
    }

    @Test
    @Tag("every-change")
    void followingRedirectsIsSeen() throws Exception {
        assertCaught(
                Mutant.FOLLOWS_REDIRECTS,
                new CallbackAnswerFaultIT(kafka),
                CallbackAnswerFaultIT::f29SendsElsewhere,
                "no loss");
    }

    @Test
    @Tag("by-hand")
    void neverTryingAgainIsSeen() throws Exception {
        assertCaught(
                Mutant.NEVER_RETRIES,
                new CallbackDownFaultIT(kafka),
                CallbackDownFaultIT::f26AnswersThatItCannot,
                "an outage costs no message");
    }

    @Test
    @Tag("by-hand")
    void ignoringOrderIsSeenWhereOneTopicFails() throws Exception {
        assertCaught(Mutant.IGNORES_ORDER, new PayloadFaultIT(kafka), PayloadFaultIT::f39OneTopicAlwaysFails, "order");
    }

    @Test
    @Tag("by-hand")
    void committingBeforeTheDeadLetterIsStoredLosesMessages() throws Exception {
        assertCaught(
                Mutant.DEAD_LETTERS_UNSTORED, new ReplayFaultIT(kafka), ReplayFaultIT::f53TheDeadLetterTopicIsAway, "");
    }

    @Test
    @Tag("by-hand")
    void takingWithoutBoundEndsInNoMemory() throws Exception {
        assertCaught(
                Mutant.TAKES_WITHOUT_BOUND,
                new OverloadFaultIT(kafka),
                OverloadFaultIT::f45TenTimesItsCapacityOfLargePayloads,
                "ended");
    }
}
