package io.mqttrelay.sink.mqtt;

import com.hivemq.client.mqtt.exceptions.MqttDecodeException;
import com.hivemq.client.mqtt.exceptions.MqttEncodeException;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import io.mqttrelay.common.text.Printable;
import io.mqttrelay.common.text.RootCause;
import io.mqttrelay.dispatch.sink.Answer;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.SinkResult.Cause;
import java.util.Locale;

/** The table of failures: which failure of a publish speaks of the message, of the address, or of either. */
final class MqttFailure {
    private static final int MAX_DETAIL = 200;

    private MqttFailure() {}

    /** The result of a failed publish. */
    static SinkResult ofPublish(Throwable failure) {
        if (failure instanceof Mqtt5PubAckException refused) {
            return ofReason(refused.getMqttMessage().getReasonCode());
        }
        if (failure instanceof MqttEncodeException || failure instanceof IllegalArgumentException) {
            return refused("MQTT cannot carry the message: " + detail(failure));
        }
        // the client could not read the broker's answer, perhaps one that is special to this message
        Cause cause = RootCause.has(failure, MqttDecodeException.class) ? Cause.EITHER : Cause.ADDRESS;
        return new SinkResult.Unavailable(cause, null, "no acknowledgement: " + detail(failure), null);
    }

    private static SinkResult ofReason(Mqtt5PubAckReasonCode code) {
        Answer answer = new Answer(code.getCode(), "refused");
        String error = "the broker refused the message: " + words(code);
        return switch (code) {
            case TOPIC_NAME_INVALID, PAYLOAD_FORMAT_INVALID -> new SinkResult.Refused(answer, error);
            case QUOTA_EXCEEDED -> new SinkResult.Unavailable(Cause.OVERLOAD, answer, error, null);
            case PACKET_IDENTIFIER_IN_USE -> new SinkResult.Unavailable(Cause.ADDRESS, answer, error, null);
            // the topic, and so the right to publish, may depend on the message
            default -> new SinkResult.Unavailable(Cause.EITHER, answer, error, null);
        };
    }

    /** The message is the cause. */
    static SinkResult refused(String error) {
        return new SinkResult.Refused(new Answer(null, "refused"), error);
    }

    /** There is no connection. */
    static SinkResult away(String error) {
        return new SinkResult.Unavailable(Cause.ADDRESS, null, error, null);
    }

    /** Why there is no connection, one line. */
    static String ofConnection(Throwable failure) {
        Throwable cause = RootCause.of(failure);
        if (cause instanceof Mqtt5ConnAckException e) {
            return "the broker refused the connection: "
                    + words(e.getMqttMessage().getReasonCode());
        }
        if (cause instanceof Mqtt3ConnAckException e) {
            return "the broker refused the connection: "
                    + words(e.getMqttMessage().getReturnCode());
        }
        if (cause instanceof Mqtt5DisconnectException e) {
            return "disconnected: " + words(e.getMqttMessage().getReasonCode());
        }
        return detail(failure);
    }

    private static String words(Enum<?> code) {
        return code.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String detail(Throwable failure) {
        if (RootCause.of(failure).getClass().getSimpleName().equals("NotSslRecordException")) {
            return "what arrived is not TLS"; // its message is the received bytes
        }
        return Printable.oneLine(RootCause.message(failure), MAX_DETAIL);
    }
}
