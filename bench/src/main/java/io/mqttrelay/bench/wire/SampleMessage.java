package io.mqttrelay.bench.wire;

import io.mqttrelay.common.record.RelayMessage;
import java.util.List;

/** A message as ingest hands it on. */
public final class SampleMessage {
    private static final String ID = "01890a5d-ac96-774b-bcce-b302099a8057";
    private static final String APP = "app";

    private SampleMessage() {}

    /** Of a JSON payload of this many bytes. */
    public static RelayMessage of(int bytes) {
        BenchMessage message = BenchMessage.of(0, 1);
        return with(ID, APP, message.mqttTopic(APP), message.payload(bytes));
    }

    /** QoS 1, received now, without anything that MQTT leaves to choice. */
    @SuppressWarnings("NullAway") // of an array in a class file it does not see that it may be null
    public static RelayMessage with(String id, String app, String mqttTopic, byte[] payload) {
        long now = System.currentTimeMillis();
        return new RelayMessage(id, app, app, now, mqttTopic, 1, false, null, null, null, null, List.of(), payload);
    }
}
