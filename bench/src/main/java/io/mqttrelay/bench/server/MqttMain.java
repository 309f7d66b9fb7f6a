package io.mqttrelay.bench.server;

import io.mqttrelay.bench.wire.Parent;
import io.mqttrelay.embedded.EmbeddedMqtt;

/** An MQTT broker in this process, for machines without Mosquitto. */
public final class MqttMain {
    /** The output when the broker serves, followed by its port. */
    public static final String SERVES = "mqtt serves on ";

    private MqttMain() {}

    public static void main(String[] arguments) {
        Parent.endWithIt();
        EmbeddedMqtt mqtt = EmbeddedMqtt.launch();
        System.out.println(SERVES + mqtt.port());
    }
}
