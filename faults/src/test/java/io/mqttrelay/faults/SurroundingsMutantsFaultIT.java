package io.mqttrelay.faults;

import static io.mqttrelay.faults.BrokenProgram.assertCaught;

import io.mqttrelay.faults.mutant.Mutant;
import io.mqttrelay.testkit.mqtt.RequiresMosquitto;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The rows about changes to brokers, topics, disks and the console from outside, on broken programs. */
@ExtendWith(SharedCluster.class)
@RequiresMosquitto
@Tag("by-hand")
final class SurroundingsMutantsFaultIT {
    private final KafkaCluster kafka;

    @TempDir
    private Path folder;

    SurroundingsMutantsFaultIT(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    @Test
    void beginningWithANewSessionLosesQueuedMessages() throws Exception {
        assertCaught(
                Mutant.KEEPS_NO_SESSION,
                folder,
                new IngestAwayFaultIT(kafka),
                IngestAwayFaultIT::f03PublishersGoOnWhileItIsAway,
                "no loss");
    }

    @Test
    void aLostSessionThatIsOverlookedIsSeen() throws Exception {
        assertCaught(
                Mutant.OVERLOOKS_LOST_SESSIONS,
                folder,
                new MqttSessionFaultIT(kafka),
                MqttSessionFaultIT::f17TheBrokerForgetsItsSessions,
                "has lost the session");
    }

    @Test
    void writesOfOneCopyAreLostWithABrokerThatIsCutOff() throws Exception {
        assertCaught(
                Mutant.STORES_ONE_COPY,
                folder,
                new IsolationFaultIT(),
                IsolationFaultIT::f21ABrokerIsCutOffFromTheOthers,
                "no loss");
    }

    @Test
    void recordsDeletedByRetentionMustBeCounted() throws Exception {
        assertCaught(
                Mutant.OVERLOOKS_RETENTION,
                folder,
                new RetentionFaultIT(kafka),
                RetentionFaultIT::f41RetentionOvertakesACallbackThatIsDown,
                "0.0");
    }

    @Test
    void beginningAtTheEndSkipsMessages() throws Exception {
        assertCaught(
                Mutant.BEGINS_AT_THE_END,
                folder,
                new TopicChangesFaultIT(kafka),
                TopicChangesFaultIT::f42TheTopicIsDeletedAndRecreated,
                "no loss");
    }

    @Test
    void oneCopyIsNotEnoughWhenDisksAreFull() throws Exception {
        assertCaught(
                Mutant.STORES_ONE_COPY, folder, new DiskFaultIT(), DiskFaultIT::f43TheBrokersDisksAreFull, "expected");
    }

    @Test
    void waitingForTheConsoleStopsDelivery() throws Exception {
        assertCaught(
                Mutant.WAITS_FOR_THE_CONSOLE,
                folder,
                new OutputFaultIT(kafka),
                OutputFaultIT::f44TheOutputIsNotRead,
                "");
    }

    @Test
    void aMemberOfASharedGroupThatKeepsNoSessionLosesMessages() throws Exception {
        assertCaught(
                Mutant.KEEPS_NO_SESSION,
                folder,
                new DeploymentFaultIT(kafka),
                DeploymentFaultIT::f56OneOfEachIsKilledAndTheOthersCarryOn,
                "no loss");
    }
}
