package io.mqttrelay.bench.server;

import io.mqttrelay.bench.wire.Parent;
import io.mqttrelay.embedded.EmbeddedMqtt;

/** An MQTT broker in this process, where there is no Mosquitto. */
public final class MqttMain {
    /** What it prints when it serves, and its port behind it. */
    public static final String SERVES = "mqtt serves on ";

    private MqttMain() {}

    public static void main(String[] arguments) {
        Parent.endWithIt();
        EmbeddedMqtt mqtt = EmbeddedMqtt.launch();
        System.out.println(SERVES + mqtt.port());
    }
}
