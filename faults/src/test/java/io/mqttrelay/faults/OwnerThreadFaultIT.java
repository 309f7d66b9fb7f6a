package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.faults.mutant.Mutant;
import io.mqttrelay.testkit.guarantee.TestMessage;
import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A thread of the program meets an unexpected error, or gets no processor for long. */
final class OwnerThreadFaultIT extends FaultScene {
    private static final int IN_FLIGHT = 16;
    private static final Duration EXIT = Duration.ofSeconds(20);
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    OwnerThreadFaultIT(KafkaCluster kafka) {
        super(kafka);
    }

    private String[] fails() {
        return new String[] {
            Mutant.FAILS_WHEN_TOLD.javaOptions().get(0), "-D" + Mutant.TOLD_IN + "=" + folder.toAbsolutePath()
        };
    }

    @Test
    @Tag("every-change")
    void f46AnErrorInAnyOwnerEndsTheProcessAndAnotherGoesOn() throws Exception {
        route(to("/a"));
        route("\"max_in_flight\": " + IN_FLIGHT);
        RelayService ingest = ingest(fails()).ready();
        RelayService dispatch = dispatch(fails()).ready();
        Run run = run("F46", 50, "/a");
        run.mqttBreaks();
        int repeated = 0;
        run.flows(50);
        endsAndGoesOn("io.mqttrelay.ingest.write.RecordWriter", ingest, run);
        endsAndGoesOn("io.mqttrelay.ingest.mqtt.MqttSource", ingest, run);
        repeated += run.answeredWithin(Duration.ofSeconds(1)) + IN_FLIGHT;
        endsAndGoesOn("io.mqttrelay.dispatch.consume.ConsumerLoop", dispatch, run);
        repeated += run.answeredWithin(Duration.ofSeconds(1)) + IN_FLIGHT;
        endsAndGoesOn("io.mqttrelay.dispatch.deliver.DeliveryWorker", dispatch, run);
        run.ends(repeated + unacknowledged(), RECOVERY);
    }

    @Test
    @Tag("every-change")
    void b10AnErrorInAnyExecutorOrTimerEndsTheProcess() throws Exception {
        route(to("/a"));
        callback.on("/a", Answer.status(400)); // each message is a dead letter
        ingest().ready();
        RelayService dispatch = dispatch(fails()).ready();
        for (String owner :
                List.of("limit.ConcurrencyLimiter", "sink.http.net.ConnectionPools", "settle.AppDeadLetters")) {
            Path told = told("io.mqttrelay.dispatch." + owner);
            try (MqttPublisher publisher = new MqttPublisher(mosquitto.port())) {
                publisher.send(app + "/1", 1, TestMessage.next().payload());
                assertThat(dispatch.process().awaitExit(EXIT)).as(owner).isEqualTo(1);
            }
            Files.delete(told);
            dispatch.startAgain();
            dispatch.ready();
        }
    }

    private Path told(String owner) throws IOException {
        assertThat(Mutant.OWNERS).containsKey(owner);
        return Files.createFile(folder.resolve(owner));
    }

    private void endsAndGoesOn(String owner, RelayService service, Run run) throws IOException {
        Path told = told(owner);
        assertThat(service.process().awaitExit(EXIT)).as(owner).isEqualTo(1);
        Files.delete(told);
        callback.declareCrash();
        service.startAgain();
        run.healed();
        service.ready();
        run.flows(50);
    }

    @Test
    @Tag("by-hand")
    void f36TheConsumerStandsStillForLongerThanItsGroupWaits() throws Exception {
        route(to("/a"));
        route("\"max_in_flight\": " + IN_FLIGHT);
        within("consumer", "\"max.poll.interval.ms\": 6000");
        ingest().ready();
        RelayService dispatch = dispatch(fails()).ready();
        Run run = run("F36", 50, "/a");
        run.flows(50);
        int before = callback.requests("/a").size();
        int repeated = run.answeredWithin(Duration.ofSeconds(1));
        Path told = Files.createFile(folder.resolve("io.mqttrelay.dispatch.consume.ConsumerLoop.stand-still"));
        Pause.forMillis(8000);
        assertThat(told).as("it stands still").doesNotExist();
        repeated += callback.requests("/a").size() - before;
        callback.declareCrash();
        Pause.forMillis(4000);
        run.healed();
        dispatch.ready();
        run.flows(50);
        run.ends(repeated, RECOVERY);
    }
}
