package io.mqttrelay.sink.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.standardwebhooks.Webhook;
import io.grpc.Status;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.sink.Answer;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.Sinks;
import io.mqttrelay.proto.v1.Message;
import io.mqttrelay.proto.v1.UserProperty;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The request that a receiver gets, and its acceptance. */
class GrpcDeliveryTest {
    private static final String SECRET = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);

    private final TestReceiver receiver = new TestReceiver();
    private final Sinks sinks = GrpcAddress.sinks();

    @AfterEach
    void stop() {
        sinks.close();
        receiver.close();
    }

    private SinkResult send(Sink sink, RelayMessage... messages) {
        return sink.call(List.of(messages), 1).execute();
    }

    @Test
    void okAcceptsTheMessage() {
        SinkResult result = send(GrpcAddress.url(receiver.url()).in(sinks), GrpcAddress.message("a"));

        assertThat(result).isEqualTo(new SinkResult.Accepted(new Answer(0, "OK")));
        assertThat(receiver.ids()).containsExactly("a");
    }

    @Test
    void theTemplateGivesThePayload() {
        Sink sink = GrpcAddress.url(receiver.url(), "\"template\": {\"body\": \"{'of': topic}\"}")
                .in(sinks);

        assertThat(send(sink, GrpcAddress.message("a"))).isInstanceOf(SinkResult.Accepted.class);
        Message message = receiver.onlyCall().messages().get(0);
        assertThat(message.getPayload().toStringUtf8()).isEqualTo("{\"of\":\"plant/ü/t\"}");
        assertThat(message.getContentType()).isEqualTo("application/json");
    }

    @Test
    void aMessageThatTheTemplateFailsOnIsNotSent() {
        Sink sink = GrpcAddress.url(receiver.url(), "\"template\": {\"body\": \"payload + 1\"}")
                .in(sinks);

        assertThat(send(sink, GrpcAddress.message("a"))).isInstanceOf(SinkResult.Unshaped.class);
        assertThat(receiver.ids()).isEmpty();
    }

    @Test
    void theMessageHasAllThatMqttHad() {
        send(GrpcAddress.url(receiver.url()).in(sinks), GrpcAddress.fullMessage());

        Message message = receiver.onlyCall().messages().get(0);
        assertThat(message)
                .isEqualTo(Message.newBuilder()
                        .setId("0199-full")
                        .setAppId("app-1")
                        .setAppName("App one")
                        .setClientId("client-1")
                        .setTopic("plant/ü/t")
                        .setQos(2)
                        .setRetain(true)
                        .setReceivedAt(Timestamp.newBuilder()
                                .setSeconds(GrpcAddress.NOW.getEpochSecond() - 2)
                                .setNanos(500_000_000))
                        .setContentType("text/plain")
                        .addUserProperties(
                                UserProperty.newBuilder().setName("unit").setValue("°C"))
                        .addUserProperties(
                                UserProperty.newBuilder().setName("unit").setValue("K"))
                        .setResponseTopic("plant/answers")
                        .setCorrelationData(ByteString.copyFrom(new byte[] {0, 1, (byte) 0xFF}))
                        .setExpiresAt(Timestamp.newBuilder()
                                .setSeconds(GrpcAddress.NOW.getEpochSecond() + 60)
                                .setNanos(250_000_000))
                        .setAttempt(1)
                        .setPayload(ByteString.copyFromUtf8("21.50"))
                        .build());
    }

    @Test
    void theMetadataHasTheHeadersOfCallbacks() {
        Sink sink = GrpcAddress.of("""
            {"url": "grpc://us:pw@127.0.0.1:%d", "headers": {"X-Tenant": "blue"}}\
            """.formatted(receiver.port())).in(sinks);

        sink.call(List.of(GrpcAddress.message("a b")), 3).execute();

        TestReceiver.Received call = receiver.onlyCall();
        assertThat(call.header("webhook-id")).isEqualTo("a%20b");
        assertThat(call.header("webhook-timestamp")).isEqualTo(Long.toString(GrpcAddress.NOW.getEpochSecond()));
        assertThat(call.header("relay-app-id")).isEqualTo("app-1");
        assertThat(call.header("relay-client-id")).isEqualTo("client-1");
        assertThat(call.header("relay-topic")).isEqualTo("plant/%C3%BC/t");
        assertThat(call.header("relay-qos")).isEqualTo("1");
        assertThat(call.header("relay-retain")).isEqualTo("false");
        assertThat(call.header("relay-received-at")).isEqualTo("2026-11-22T09:59:58.500Z");
        assertThat(call.header("relay-attempt")).isEqualTo("3");
        assertThat(call.header("x-tenant")).isEqualTo("blue");
        assertThat(call.header("authorization")).isEqualTo("Basic dXM6cHc=");
        assertThat(call.header("user-agent")).startsWith("mqtt-relay/1.2 ");
        assertThat(call.header("webhook-signature")).isNull();
        assertThat(call.messages().get(0).getAttempt()).isEqualTo(3);
    }

    @Test
    void theSignatureCoversThePayload() throws Exception {
        Sink sink = GrpcAddress.url(receiver.url(), "\"signing_secrets\": [\"" + SECRET + "\"]")
                .in(sinks);

        send(sink, GrpcAddress.message("id-1", "21.50".getBytes(StandardCharsets.UTF_8)));

        TestReceiver.Received call = receiver.onlyCall();
        String signature = call.messages().get(0).getWebhookSignature();
        assertThat(call.header("webhook-signature")).isEqualTo(signature);
        assertThat(new Webhook(SECRET).sign("id-1", GrpcAddress.NOW.getEpochSecond(), "21.50"))
                .isEqualTo(signature);
    }

    @Test
    void aBatchIsOneCallInOrder() {
        Sink sink = GrpcAddress.url(receiver.url(), "\"batch\": {}", "\"signing_secrets\": [\"" + SECRET + "\"]")
                .in(sinks);

        assertThat(send(sink, GrpcAddress.message("a"), GrpcAddress.message("b")))
                .isInstanceOf(SinkResult.Accepted.class);

        TestReceiver.Received call = receiver.onlyCall();
        assertThat(call.messages()).extracting(Message::getId).containsExactly("a", "b");
        assertThat(call.header("relay-batch-size")).isEqualTo("2");
        assertThat(call.header("webhook-id")).isEqualTo("a");
        assertThat(call.header("webhook-signature")).isNull();
        assertThat(call.messages())
                .allSatisfy(message -> assertThat(new Webhook(SECRET)
                                .sign(message.getId(), GrpcAddress.NOW.getEpochSecond(), message.getId()))
                        .isEqualTo(message.getWebhookSignature()));
    }

    @Test
    void aRefusedBatchIsRefusedAsAWhole() {
        receiver.answer(messages -> messages.size() > 1 ? Status.INVALID_ARGUMENT : Status.OK);
        Sink sink = GrpcAddress.url(receiver.url(), "\"batch\": {}").in(sinks);

        assertThat(send(sink, GrpcAddress.message("a"), GrpcAddress.message("b")))
                .isInstanceOf(SinkResult.Refused.class);
        assertThat(send(sink, GrpcAddress.message("a"))).isInstanceOf(SinkResult.Accepted.class);
        assertThat(receiver.calls().get(1).messages()).hasSize(1);
    }

    @Test
    void theSizeOfABatchIsNeverUnderestimated() {
        Sink sink = GrpcAddress.url(receiver.url(), "\"batch\": {}", "\"signing_secrets\": [\"" + SECRET + "\"]")
                .in(sinks);
        List<RelayMessage> messages = List.of(
                GrpcAddress.fullMessage(),
                GrpcAddress.message("", new byte[0]),
                GrpcAddress.message("ü", new byte[300]));

        long estimated = messages.stream().mapToLong(sink::batchBytes).sum();
        sink.call(messages, Integer.MAX_VALUE).execute();

        long sent = receiver.onlyCall().messages().stream()
                .mapToLong(message -> message.getSerializedSize() + 6L)
                .sum();
        assertThat(sent).isLessThanOrEqualTo(estimated);
    }

    @Test
    void theFormatMakesThePayload() {
        send(
                GrpcAddress.url(receiver.url(), "\"message_format\": \"envelope\"")
                        .in(sinks),
                GrpcAddress.message("a", "{}".getBytes(StandardCharsets.UTF_8)));

        Message message = receiver.onlyCall().messages().get(0);
        assertThat(message.getContentType()).isEqualTo("application/json");
        assertThat(message.getPayload().toStringUtf8())
                .startsWith("{\"header\":{\"id\":\"a\"")
                .endsWith("\"body\":{}}");
    }

    @Test
    void callsAfterEachOtherKeepTheirOrder() {
        Sink sink = GrpcAddress.url(receiver.url()).in(sinks);
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            sent.add("m" + i);
            assertThat(send(sink, GrpcAddress.message("m" + i))).isInstanceOf(SinkResult.Accepted.class);
        }

        assertThat(receiver.ids()).isEqualTo(sent);
    }

    @Test
    void anyTopicFitsIntoTheMetadata() {
        RelayMessage message = new RelayMessage(
                "id",
                "app-1",
                "client-1",
                0,
                "ü\r\n%".repeat(8000),
                1,
                false,
                null,
                null,
                null,
                null,
                List.of(),
                new byte[0]);

        assertThat(send(GrpcAddress.url(receiver.url()).in(sinks), message)).isInstanceOf(SinkResult.Accepted.class);

        assertThat(receiver.onlyCall().messages().get(0).getTopic()).isEqualTo(message.topic());
        assertThat(receiver.onlyCall().header("relay-truncated")).isEqualTo("relay-topic");
    }
}
