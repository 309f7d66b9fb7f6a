package io.mqttrelay.sink.mqtt;

import static io.mqttrelay.sink.mqtt.BrokerFixture.message;
import static io.mqttrelay.sink.mqtt.BrokerFixture.unavailable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.testkit.mqtt.MosquittoProcess;
import io.mqttrelay.testkit.mqtt.RequiresMosquitto;
import io.mqttrelay.testkit.net.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages at Mosquitto: versions, transports, limits and refusals. */
@RequiresMosquitto
class MosquittoTargetIT {
    @TempDir
    private Path folder;

    private static SinkResult send(Sink sink, RelayMessage message) {
        return sink.call(message, 1).execute();
    }

    @Test
    void speaksMqtt3() throws Exception {
        try (MosquittoProcess broker =
                        MosquittoProcess.builder().user("u", "pw").launch();
                BrokerFixture target = new BrokerFixture(
                        folder, broker.port(), ", \"mqtt_version\": 3, \"username\": \"u\", \"password\": \"pw\"")) {
            assertThat(send(target.sink("out", ""), message("1", "a"))).isInstanceOf(SinkResult.Accepted.class);
        }
    }

    @Test
    void aWrongPasswordSpeaksOfTheAddress() throws Exception {
        try (MosquittoProcess broker =
                        MosquittoProcess.builder().user("u", "pw").launch();
                BrokerFixture target = new BrokerFixture(
                        folder, broker.port(), ", \"username\": \"u\", \"password\": \"wrong-password\"")) {
            SinkResult.Unavailable result = unavailable(send(target.sink("out", ""), message("1", "a")));

            assertThat(result.cause()).isEqualTo(SinkResult.Cause.ADDRESS);
            assertThat(result.error()).contains("not authorized").doesNotContain("wrong-password");
        }
    }

    @Test
    void connectsByWebSocket() throws Exception {
        try (MosquittoProcess broker = MosquittoProcess.builder().websockets().launch();
                BrokerFixture target =
                        new BrokerFixture(folder, broker.websocketPort(), ", \"websocket_path\": \"/mqtt\"")) {
            assertThat(send(target.sink("out", ""), message("1", "a"))).isInstanceOf(SinkResult.Accepted.class);
        }
    }

    @Test
    void connectsByTlsAndRefusesAnUnknownAuthority() throws Exception {
        TestCertificates authority = new TestCertificates(Files.createDirectory(folder.resolve("known")));
        TestCertificates unknown = new TestCertificates(Files.createDirectory(folder.resolve("unknown")));
        try (MosquittoProcess broker = MosquittoProcess.builder().tls(authority).launch();
                BrokerFixture target = new BrokerFixture(
                        folder, broker.tlsPort(), ", \"tls\": {\"ca_file\": \"" + authority.caFile() + "\"}");
                BrokerFixture other = new BrokerFixture(
                        folder, broker.tlsPort(), ", \"tls\": {\"ca_file\": \"" + unknown.caFile() + "\"}")) {
            assertThat(send(target.sink("out", ""), message("1", "a"))).isInstanceOf(SinkResult.Accepted.class);
            assertThat(unavailable(send(other.sink("out", ""), message("1", "a")))
                            .cause())
                    .isEqualTo(SinkResult.Cause.ADDRESS);
        }
    }

    @Test
    void aMessageLargerThanTheLargestPacketIsRefused() throws Exception {
        try (MosquittoProcess broker = MosquittoProcess.builder()
                        .option("max_packet_size 1000")
                        .launch();
                BrokerFixture target = new BrokerFixture(folder, broker.port(), "")) {
            Sink sink = target.sink("out", ", \"batch\": {}");
            List<RelayMessage> batch = List.of(message("1", "a"), message("2", "b", new byte[2000]), message("3", "c"));

            assertThat(sink.call(batch, 1).execute()).isInstanceOf(SinkResult.Refused.class);
            assertThat(send(sink, batch.get(0))).isInstanceOf(SinkResult.Accepted.class);
            assertThat(send(sink, batch.get(1))).isInstanceOf(SinkResult.Refused.class);
            assertThat(send(sink, batch.get(2))).isInstanceOf(SinkResult.Accepted.class);
        }
    }

    /** Mosquitto refuses it by a code that PUBACK must not have, and the client ends the connection. */
    @Test
    void aMessageBeyondTheBrokersOwnLimitCountsItsAttempts() throws Exception {
        try (MosquittoProcess broker = MosquittoProcess.builder()
                        .option("message_size_limit 1000")
                        .launch();
                BrokerFixture target = new BrokerFixture(folder, broker.port(), "")) {
            Sink sink = target.sink("out", "");

            assertThat(unavailable(send(sink, message("1", "a", new byte[2000])))
                            .cause())
                    .isEqualTo(SinkResult.Cause.EITHER);
            assertThat(send(sink, message("2", "a"))).isInstanceOf(SinkResult.Accepted.class);
        }
    }

    @Test
    void aForbiddenTopicMaySpeakOfEither() throws Exception {
        Path acl = Files.writeString(folder.resolve("acl"), "topic readwrite open/#\n");
        Files.setPosixFilePermissions(acl, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
        try (MosquittoProcess broker =
                        MosquittoProcess.builder().option("acl_file " + acl).launch();
                BrokerFixture target = new BrokerFixture(folder, broker.port(), "")) {
            SinkResult.Unavailable refused = unavailable(send(target.sink("closed/a", ""), message("1", "a")));

            assertThat(refused.cause()).isEqualTo(SinkResult.Cause.EITHER);
            assertThat(refused.error()).isEqualTo("the broker refused the message: not authorized");
            assertThat(refused.answer().status()).isEqualTo(0x87);
            assertThat(send(target.sink("open/a", ""), message("1", "a"))).isInstanceOf(SinkResult.Accepted.class);
        }
    }

    @Test
    void aBrokerThatHangsAnswersTheNextAttempt() throws Exception {
        try (MosquittoProcess broker = MosquittoProcess.launch();
                Subscriber5 subscriber = new Subscriber5(broker.port());
                BrokerFixture target = new BrokerFixture(folder, broker.port(), "")) {
            Sink sink = target.sink("out", ", \"timeout\": \"1s\"");
            assertThat(send(sink, message("1", "a"))).isInstanceOf(SinkResult.Accepted.class);

            broker.suspend();
            RelayMessage second = message("2", "a");
            assertThat(unavailable(send(sink, second)).error()).startsWith("timed out after 1000 ms");
            broker.resume();

            assertThat(send(sink, second)).isInstanceOf(SinkResult.Accepted.class);
            subscriber.await(2);
            assertThat(subscriber.payloads()).containsExactly("1", "2");
        }
    }

    @Test
    void lanesKeepTheirOrderWithinTheReceiveMaximum() throws Exception {
        try (MosquittoProcess broker = MosquittoProcess.builder()
                        .option("max_inflight_messages 3")
                        .launch();
                Subscriber5 subscriber = new Subscriber5(broker.port());
                BrokerFixture target = new BrokerFixture(folder, broker.port(), "")) {
            Sink sink = target.sink("out", ", \"batch\": {}");
            List<RelayMessage> messages = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                for (int lane = 0; lane < 20; lane++) {
                    messages.add(message(lane + ":" + i, "lane/" + lane));
                }
            }

            assertThat(sink.call(messages, 1).execute()).isInstanceOf(SinkResult.Accepted.class);

            subscriber.await(200);
            for (int lane = 0; lane < 20; lane++) {
                String prefix = lane + ":";
                assertThat(subscriber.payloads().stream().filter(text -> text.startsWith(prefix)))
                        .containsExactly(java.util.stream.IntStream.range(0, 10)
                                .mapToObj(i -> prefix + i)
                                .toArray(String[]::new));
            }
        }
    }

    @Test
    void aKilledBrokerIsConnectedToAgain() throws Exception {
        try (MosquittoProcess broker = MosquittoProcess.launch();
                BrokerFixture target = new BrokerFixture(folder, broker.port(), "")) {
            Sink sink = target.sink("out", "");
            assertThat(send(sink, message("1", "a"))).isInstanceOf(SinkResult.Accepted.class);

            broker.kill();
            assertThat(unavailable(send(sink, message("2", "a"))).cause()).isEqualTo(SinkResult.Cause.ADDRESS);
            broker.start();

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> send(sink, message("2", "a")) instanceof SinkResult.Accepted);
        }
    }
}
