package io.mqttrelay.sink.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.mqttrelay.proto.v1.DeliverBatchRequest;
import io.mqttrelay.proto.v1.DeliverRequest;
import io.mqttrelay.proto.v1.Message;
import io.mqttrelay.proto.v1.ReceiverGrpc;
import io.mqttrelay.proto.v1.UserProperty;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Version 1 of relay.proto never changes its meaning: the numbers of its fields, and the names of its methods. */
class RelayProtoTest {
    /** Made by Python's library. */
    private static final String MESSAGE =
            "0a360a01691201611a016e2201632a0174300238014204080110024a017852060a016b1201765a017262006a02080370037a017082010173";

    private static Message message() {
        return Message.newBuilder()
                .setId("i")
                .setAppId("a")
                .setAppName("n")
                .setClientId("c")
                .setTopic("t")
                .setQos(2)
                .setRetain(true)
                .setReceivedAt(Timestamp.newBuilder().setSeconds(1).setNanos(2))
                .setContentType("x")
                .addUserProperties(UserProperty.newBuilder().setName("k").setValue("v"))
                .setResponseTopic("r")
                .setCorrelationData(ByteString.EMPTY)
                .setExpiresAt(Timestamp.newBuilder().setSeconds(3))
                .setAttempt(3)
                .setPayload(ByteString.copyFromUtf8("p"))
                .setWebhookSignature("s")
                .build();
    }

    @Test
    void theFieldsKeepTheirNumbers() {
        byte[] single =
                DeliverRequest.newBuilder().setMessage(message()).build().toByteArray();
        byte[] batch =
                DeliverBatchRequest.newBuilder().addMessages(message()).build().toByteArray();

        assertThat(HexFormat.of().formatHex(single)).isEqualTo(MESSAGE);
        assertThat(HexFormat.of().formatHex(batch)).isEqualTo(MESSAGE);
    }

    @Test
    void theMethodsKeepTheirNames() {
        assertThat(ReceiverGrpc.getDeliverMethod().getFullMethodName()).isEqualTo("mqttrelay.v1.Receiver/Deliver");
        assertThat(ReceiverGrpc.getDeliverBatchMethod().getFullMethodName())
                .isEqualTo("mqttrelay.v1.Receiver/DeliverBatch");
    }
}
