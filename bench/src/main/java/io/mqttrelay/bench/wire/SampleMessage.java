package io.mqttrelay.bench.wire;

import io.mqttrelay.common.record.RelayMessage;
import java.util.List;

/** Sample messages in the form that ingest writes. */
public final class SampleMessage {
    private static final String ID = "01890a5d-ac96-774b-bcce-b302099a8057";
    private static final String APP = "app";

    private SampleMessage() {}

    /** A message with a JSON payload of this many bytes. */
    public static RelayMessage of(int bytes) {
        BenchMessage message = BenchMessage.of(0, 1);
        return with(ID, APP, message.mqttTopic(APP), message.payload(bytes));
    }

    /** A message with QoS 1, received now, without optional MQTT properties. */
    @SuppressWarnings("NullAway") // NullAway does not see in a class file that the array may be null
    public static RelayMessage with(String id, String app, String mqttTopic, byte[] payload) {
        long now = System.currentTimeMillis();
        return new RelayMessage(id, app, app, now, mqttTopic, 1, false, null, null, null, null, List.of(), payload);
    }
}
