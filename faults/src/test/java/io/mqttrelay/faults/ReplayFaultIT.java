package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.faults.KafkaCluster.Listener;
import io.mqttrelay.testkit.guarantee.Dead;
import io.mqttrelay.testkit.guarantee.Delivery;
import io.mqttrelay.testkit.guarantee.Sent;
import io.mqttrelay.testkit.guarantee.TestMessage;
import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.http.ReceivedRequest;
import io.mqttrelay.testkit.kafka.KafkaRecords;
import io.mqttrelay.testkit.net.TcpProxy;
import io.mqttrelay.testkit.net.TcpProxy.Direction;
import io.mqttrelay.testkit.process.JavaProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A dead letter is stored once, and a replay delivers it once, with any fault in between. */
@Tag("every-change")
final class ReplayFaultIT extends FaultScene {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int BEFORE = 40;

    ReplayFaultIT(KafkaCluster kafka) {
        super(kafka);
    }

    @Test
    void f06KilledBetweenTheDeadLetterAndTheCommit() {
        route(to("/a"));
        ingest().ready();
        RelayService dispatch = dispatch().ready();
        Run run = run("F06", 0, "/a");
        callback.on("/a", Answer.status(400));
        for (int i = 0; i < BEFORE; i++) { // so that the dispatcher is connected to all brokers
            run.load().publish(app + "/" + i, TestMessage.next().payload());
        }
        awaitDeadLetters(BEFORE);
        run.awaitCaughtUp(0, PATIENCE);

        CountDownLatch held = new CountDownLatch(1);
        callback.on("/a", Answer.heldUntil(held, Answer.status(400)));
        run.load().publish(app + "/last", TestMessage.next().payload());
        callback.await("/a", BEFORE + 1, PATIENCE);
        kafka.each(Listener.DISPATCH, proxy -> proxy.hold(Direction.TO_CLIENT));
        held.countDown();
        awaitDeadLetters(BEFORE + 1); // Kafka has it, and cannot answer
        dispatch.kill();
        kafka.each(Listener.DISPATCH, TcpProxy::pass);
        callback.declareCrash();
        dispatch.startAgain();
        run.healed();
        dispatch.ready();
        run.ends(0, PATIENCE);
        assertThat(run.deadLetters()).hasSize(BEFORE + 1);

        callback.on("/a", Answer.status(200));
        replayed(BEFORE + 1);
        replayed(0);
        assertDeliveredOnce(run.load().acknowledged());
    }

    @Test
    void f54TheReplayIsKilledHalfWayAndRunTwice() {
        route(to("/a"));
        ingest().ready();
        dispatch().ready();
        callback.on("/a", Answer.status(400));
        Run run = run("F54", 50, "/a");
        run.flows(200);
        run.ends(0, PATIENCE);
        int dead = run.deadLetters().size();
        assertThat(dead).isGreaterThanOrEqualTo(200);

        callback.on("/a", Answer.status(200));
        try (JavaProcess slowly = RelayCommand.start(folder, replay("--rate", "40"))) {
            callback.await("/a", dead + 40, PATIENCE);
            slowly.kill();
        }
        RelayCommand.Ended rest = RelayCommand.run(folder, replay());
        assertThat(rest.code()).as(rest::printed).isZero();
        callback.await("/a", 2 * dead, PATIENCE);
        replayed(0);
        assertThat(run.deadLetters()).isEmpty();
        assertDeliveredOnce(run.load().acknowledged());
    }

    @Test
    void f53TheDeadLetterTopicIsAway() throws Exception {
        int node = KafkaCluster.NODES;
        createDeadTopic(node);
        route(to("/a"));
        ingest().ready();
        dispatch().ready();
        Run run = run("F53", 50, "/a");
        run.flows(100);
        kafka.kill(node);
        callback.on("/a", Answer.status(400));
        run.flows(100);
        callback.on("/a", Answer.status(200));
        run.flows(100);
        assertThat(run.lag())
                .as("records from the first unstored dead letter on")
                .isGreaterThan(100);
        kafka.startAll();
        run.healed();
        run.ends(0, Duration.ofSeconds(60));
        List<String> refused = callback.deliveries().stream()
                .filter(delivery -> !delivery.accepted())
                .map(Delivery::id)
                .toList();
        assertThat(refused).hasSizeGreaterThan(50);
        assertThat(run.dead()).extracting(Dead::id).containsExactlyInAnyOrderElementsOf(refused);
        replayed(refused.size());
        replayed(0);
        assertDeliveredOnce(run.load().acknowledged());
    }

    /** Makes the dead topic with one copy, on this node. */
    private void createDeadTopic(int node) throws Exception {
        Map<Integer, List<Integer>> replicas = Map.of(0, List.of(node));
        Map<String, String> settings = Map.of(
                "cleanup.policy",
                "compact",
                "min.insync.replicas",
                "1",
                "max.message.bytes",
                Integer.toString(2 << 20));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers(Listener.DIRECT)))) {
            admin.createTopics(List.of(new NewTopic(deadTopic(), replicas).configs(settings)))
                    .all()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private void awaitDeadLetters(int count) {
        KafkaRecords records = new KafkaRecords(kafka.bootstrapServers(Listener.DIRECT));
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> records.all(deadTopic()).size() >= count);
    }

    private String[] replay(String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("replay", "--config", folder.resolve("dispatch-2.json").toString(), "--app-id", app));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    /** Replays, and asserts this number of deliveries. */
    private void replayed(int count) {
        int before = callback.requests("/a").size();
        RelayCommand.Ended ended = RelayCommand.run(folder, replay("--json"));
        assertThat(ended.code()).as(ended::printed).isZero();
        assertThat(ended.printed()).contains("\"sent\":" + count);
        callback.await("/a", before + count, PATIENCE);
    }

    /** Asserts that each was accepted exactly once, and all its attempts had one id. */
    private void assertDeliveredOnce(List<Sent> sent) {
        Map<String, List<ReceivedRequest>> requests = callback.requests("/a").stream()
                .collect(Collectors.groupingBy(request -> TestMessage.idIn(request.body())));
        assertThat(requests.values())
                .hasSameSizeAs(sent)
                .allSatisfy(attempts -> assertThat(attempts)
                        .extracting(ReceivedRequest::id)
                        .containsOnly(attempts.get(0).id()));
        assertThat(callback.deliveries().stream().filter(delivery -> delivery.accepted()))
                .hasSameSizeAs(sent);
    }
}
