package io.mqttrelay.ingest.mqtt.wire;

import com.hivemq.client.mqtt.exceptions.ConnectionClosedException;
import com.hivemq.client.mqtt.exceptions.MqttDecodeException;
import com.hivemq.client.mqtt.lifecycle.MqttDisconnectSource;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import io.mqttrelay.common.text.RootCause;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** Puts into words why the client says that a connection ended. */
public final class ConnectionFailure {
    private static final int LONGEST = 500;
    private static final String REMEDY = ", set \"mqtt_version\": 3";

    private ConnectionFailure() {}

    static Link.Ending of(MqttDisconnectSource source, Throwable cause) {
        if (cause instanceof Mqtt5DisconnectException e && source == MqttDisconnectSource.SERVER) {
            Mqtt5DisconnectReasonCode code = e.getMqttMessage().getReasonCode();
            return code == Mqtt5DisconnectReasonCode.SESSION_TAKEN_OVER
                    ? new Link.Ending(Link.Cause.TAKEN_OVER, "another client connected with this client id")
                    : new Link.Ending(Link.Cause.BROKER, "the broker disconnected: " + words(code));
        }
        if (cause instanceof Mqtt5ConnAckException e) {
            return new Link.Ending(
                    Link.Cause.OTHER,
                    "the broker refused: " + words(e.getMqttMessage().getReasonCode()));
        }
        if (cause instanceof Mqtt3ConnAckException e) {
            return new Link.Ending(
                    Link.Cause.OTHER,
                    "the broker refused: " + words(e.getMqttMessage().getReturnCode()));
        }
        if (source == MqttDisconnectSource.SERVER && cause instanceof ConnectionClosedException) {
            return new Link.Ending(Link.Cause.BROKER, "the broker closed the connection");
        }
        return new Link.Ending(Link.Cause.OTHER, text(cause));
    }

    /** An MQTT 5 connection ended before the broker had accepted CONNECT. */
    static Link.Ending ofConnect5(MqttDisconnectSource source, Throwable cause) {
        Link.Ending ending = of(source, cause);
        if (cause instanceof Mqtt5ConnAckException e) {
            return e.getMqttMessage().getReasonCode() == Mqtt5ConnAckReasonCode.UNSUPPORTED_PROTOCOL_VERSION
                    ? new Link.Ending(ending.cause(), "the broker does not speak MQTT 5" + REMEDY)
                    : ending;
        }
        if (RootCause.has(cause, SSLException.class)) {
            return ending;
        }
        if (cause instanceof ConnectionClosedException) {
            return new Link.Ending(
                    ending.cause(),
                    "the broker cut the connection instead of answering CONNECT of MQTT 5: if it does not speak MQTT 5"
                            + REMEDY + "; it may also expect TLS");
        }
        return RootCause.has(cause, MqttDecodeException.class)
                ? new Link.Ending(ending.cause(), "the broker does not answer CONNECT in MQTT 5" + REMEDY)
                : ending;
    }

    private static String words(Enum<?> code) {
        return code.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** The innermost message, on one line. */
    public static String text(Throwable e) {
        String name = RootCause.of(e).getClass().getSimpleName();
        if (name.equals("NotSslRecordException")) { // of Netty, which is not ours to compile against
            return "what arrived is not TLS"; // its message is the received bytes in hex
        }
        String line = RootCause.message(e).replaceAll("\\p{Cntrl}+", " ");
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    }
}
