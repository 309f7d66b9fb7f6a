package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.guarantee.TestMessage;
import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.http.ReceivedRequest;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Which addresses get a message, and that each has its own result. */
final class FanOutIT extends DispatchScene {
    FanOutIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    @Test
    void everyAddressGetsTheMessageWithItsHeaders() {
        started(settings().route(TestRoute.of("r", "app", callback.url("/a"), callback.url("/b"))));
        TestMessage message = records.write("app", "r", "plant/1/temperature");
        records.flush();

        for (String path : new String[] {"/a", "/b"}) {
            ReceivedRequest request = callback.await(path, 1, PATIENCE).get(0);
            assertThat(request.body()).isEqualTo(message.payload());
            assertThat(request.topic()).isEqualTo("plant/1/temperature");
            assertThat(request.header("relay-app-id")).isEqualTo("app");
            assertThat(request.header("relay-client-id")).isEqualTo("r");
            assertThat(request.header("relay-attempt")).isEqualTo("1");
        }
        awaitCommitted("app", 1);
    }

    @Test
    void oneAddressFailingTakesNothingFromTheOther() {
        callback.on("/bad", Answer.status(500));
        started(settings()
                .route(TestRoute.of("r", "app", callback.url("/good"), callback.url("/bad"))
                        .retry(2)));
        for (int i = 0; i < 20; i++) {
            records.write("app", "r", "t/" + (i % 4));
        }
        records.flush();

        assertThat(dead("app", 20))
                .allSatisfy(
                        letter -> assertThat(header(letter, "relay-address")).isEqualTo(callback.url("/bad")))
                .allSatisfy(
                        letter -> assertThat(header(letter, "relay-attempts")).isEqualTo("3"));
        awaitCommitted("app", 20);
        assertThat(callback.requests("/good")).hasSize(20);
        assertThat(callback.requests("/bad")).hasSize(60);
    }

    @Test
    void routesThatShareAnAppGetOnlyTheirOwn() {
        started(settings()
                .route(TestRoute.of("r1", "app", callback.url("/one")))
                .route(TestRoute.of("r2", "app", callback.url("/two"))));
        records.write("app", "r1", "t/1");
        records.write("app", "r2", "t/2");
        records.write("app", "r1", "t/3");
        records.flush();

        awaitCommitted("app", 3);
        assertThat(topicsAt("/one")).containsExactlyInAnyOrder("t/1", "t/3");
        assertThat(topicsAt("/two")).containsExactly("t/2");
    }

    @Test
    void anExcludedTopicIsDoneWithoutACall() {
        DispatcherUnderTest dispatcher = started(settings()
                .route(TestRoute.of("r", "app", callback.url("/a")).excluding("from/v1/aaa/", "regex:secret$")));
        records.write("app", "r", "from/v1/aaa/1");
        records.write("app", "r", "from/v1/bbb");
        records.write("app", "r", "x/secret");
        records.flush();

        awaitCommitted("app", 3);
        assertThat(topicsAt("/a")).containsExactly("from/v1/bbb");
        assertThat(dispatcher.meter("relay_dispatch_deliveries_total", "outcome=\"excluded\""))
                .isEqualTo(2);
        assertThat(dispatcher.meter("relay_dispatch_deliveries_total", "outcome=\"delivered\""))
                .isEqualTo(1);
    }

    @Test
    void aDisabledRouteLeavesItsBacklogWhereItIs() {
        callback.on("/on", Answer.status(200));
        DispatcherUnderTest dispatcher = started(settings()
                .partitions(1)
                .route(TestRoute.of("on", "app", callback.url("/on")))
                .route(TestRoute.of("off", "app", callback.url("/off")).disabled()));
        records.write("app", "on", "t/1");
        records.write("app", "off", "t/2");
        records.write("app", "on", "t/3");
        records.flush();

        callback.await("/on", 2, PATIENCE);
        awaitCommitted("app", 1);
        dispatcher.close();
        assertThat(committed("app")).isEqualTo(1);
        assertThat(callback.requests("/off")).isEmpty();

        started(settings()
                .partitions(1)
                .route(TestRoute.of("on", "app", callback.url("/on")))
                .route(TestRoute.of("off", "app", callback.url("/off"))));
        callback.await("/off", 1, PATIENCE);
        awaitCommitted("app", 3);
    }

    @Test
    void anAppWhoseOnlyRouteIsDisabledIsNotConsumed() {
        started(settings()
                .route(TestRoute.of("r", "app", callback.url("/a")))
                .route(TestRoute.of("off", "idle", callback.url("/off")).disabled()));
        records.write("app", "r", "t");
        records.flush();

        awaitCommitted("app", 1);
        assertThat(stored.committed(prefix))
                .noneSatisfy(
                        (partition, offset) -> assertThat(partition.topic()).isEqualTo(names.messages("idle")));
        assertThat(callback.requests("/off")).isEmpty();
    }

    @Test
    void anAddressThatHangsDelaysNoOtherApp() {
        callback.on("/hangs", Answer.hang());
        started(settings()
                .route(TestRoute.of("r1", "slow", callback.url("/hangs")).timeout(Duration.ofSeconds(60)))
                .route(TestRoute.of("r2", "quick", callback.url("/quick")))
                .grace(Duration.ofSeconds(2)));
        for (int i = 0; i < 50; i++) {
            records.write("slow", "r1", "t/" + i);
            records.write("quick", "r2", "t/" + i);
        }
        records.flush();

        callback.await("/quick", 50, PATIENCE);
        awaitCommitted("quick", 50);
        assertThat(committed("slow")).isZero();
    }

    @Test
    void aRouteThatIsGoneEndsInDeadLetters() {
        started(settings().route(TestRoute.of("r", "app", callback.url("/a"))));
        records.write("app", "gone", "t/1");
        records.write("app", "r", "t/2");
        records.flush();

        ConsumerRecord<byte[], byte[]> letter = dead("app", 1).get(0);
        assertThat(header(letter, "relay-dead-reason")).isEqualTo("no_route");
        assertThat(header(letter, "relay-dead-error")).contains("gone");
        assertThat(header(letter, "mqtt-topic")).isEqualTo("t/1");
        awaitCommitted("app", 2);
        assertThat(topicsAt("/a")).containsExactly("t/2");
    }
}
